import type { Graph, GraphNode } from '../onnx/graph.js'
import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { quote } from './checkSize.js'
import { refused } from './modelErrors.js'

/** Opcode of Resize of mode nearest. */
const resize = 15

/**
 * Refuses, for profile `f32-wgsl`, a Resize whose element a quotient of floats
 * decides: where a coordinate is whole, WGSL lets the division fall short of it, and
 * floor or ceil then name the neighbour. Rounding has room around its ties; whole
 * coordinates of asymmetric enlargement and of align_corners are divided as integers
 * by kernels (docs/operators.md, "WebGPU").
 *
 * @throws LynodeError LY-MDL-003
 */
export function checkQuotients(
  graph: Graph,
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
): void {
  nodes.forEach((node, i) => {
    const from = graph.nodes[i]
    if (node.opcode !== resize || from === undefined) return
    const dims = values[node.outputs[0] ?? 0]?.type.dims ?? []
    const open = dims.some((dim, axis) =>
      isOpen(from, graph.opset, node.attributes, dims.length, axis, dim),
    )
    if (open)
      throw refused(
        `${quote(node.name)} takes the element that a quotient names, which WGSL does not decide`,
      )
  })
}

/** Whether an output position along an axis has a whole coordinate that is divided. */
function isOpen(
  node: GraphNode,
  opset: number,
  attributes: readonly number[],
  rank: number,
  axis: number,
  dim: number,
): boolean {
  const [factor = 1, offset = 0, divisor = 1] = [0, 1, 2].map(
    (list) => attributes[list * rank + axis],
  )
  if (factor === 1 && offset === 0 && divisor === 1) return false
  const coordinate =
    opset < 11
      ? 'asymmetric'
      : text(node, 'coordinate_transformation_mode', 'half_pixel')
  const mode =
    opset < 11 ? 'floor' : text(node, 'nearest_mode', 'round_prefer_floor')
  if (mode !== 'floor' && mode !== 'ceil') return false
  if (coordinate === 'align_corners') return false
  if (coordinate === 'asymmetric' && divisor > 1) return false
  const whole = mode === 'floor' ? 0 : divisor - 1
  return Array.from({ length: dim }, (_, p) => factor * p + offset).some(
    (scaled) => scaled > 0 && scaled % divisor === whole,
  )
}

function text(node: GraphNode, name: string, fallback: string): string {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? attribute.value : fallback
}
