import type { Graph } from '../onnx/graph.js'
import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import { quote } from './checkSize.js'
import { refused } from './modelErrors.js'

/** Opcode of Conv. */
const conv = 62

/** Filters that one invocation of the shader computes. */
const lanes = 4

/**
 * Refuses, for profile `f32-wgsl`, a convolution in groups of more than four
 * filters that are no multiple of four: ONNX Runtime's shader for groups (1.30)
 * computes four filters at once and takes the weights of the wrong group where a
 * group ends between them, so that an honest machine would be convicted.
 *
 * @throws LynodeError LY-MDL-003
 */
export function checkGroups(
  graph: Graph,
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
): void {
  nodes.forEach((node, i) => {
    const group = graph.nodes[i]?.attributes.get('group')
    if (node.opcode !== conv || group?.type !== 'int' || group.value < 2n)
      return
    const [filters = 0] = values[node.inputs[1] ?? 0]?.type.dims ?? []
    const each = filters / Number(group.value)
    if (each > lanes && each % lanes !== 0)
      throw refused(
        `${quote(node.name)} has ${each} filters a group, which ONNX Runtime computes wrongly on WebGPU`,
      )
  })
}
