import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { dtypes } from '../types/tensorType.js'
import { intsOf, noGradient, textOf } from './vjp/rule.js'

/**
 * Makes the padding of convolutions nodes of their own: a kernel may leave the
 * padding out or multiply it by the weights, which are data in training (C4).
 *
 * @param parameters Names of the weights that are trained.
 * @throws LynodeError LY-TRN-001 for `auto_pad`, which depends on the size.
 */
export function explicitPads(
  graph: Graph,
  parameters: ReadonlySet<string>,
): Graph {
  const weights = new Map<string, GraphTensor>(graph.weights)
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const [x = '', w = '', ...more] = node.inputs
    if (node.operator !== 'Conv' || !parameters.has(w)) return [node]
    const auto = textOf(node, 'auto_pad') ?? 'NOTSET'
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER')
      throw noGradient(node, `auto_pad ${auto}: export it with explicit pads`)
    const pads = intsOf(node, 'pads') ?? []
    if (pads.every((width) => width === 0)) return [node]
    const rank = pads.length / 2
    const widths = `${node.outputs[0]}_widths`
    const padded = `${node.outputs[0]}_padded`
    const list = [0, 0, ...pads.slice(0, rank), 0, 0, ...pads.slice(rank)]
    weights.set(widths, {
      dtype: dtypes.int64,
      dims: [list.length],
      bytes: new Uint8Array(BigInt64Array.from(list.map(BigInt)).buffer),
    })
    const attributes = new Map(node.attributes)
    attributes.delete('pads')
    attributes.delete('auto_pad')
    return [
      {
        name: padded,
        operator: 'Pad',
        domain: '',
        inputs: [x, widths],
        outputs: [padded],
        attributes: new Map(),
      },
      { ...node, inputs: [padded, w, ...more], attributes },
    ]
  })
  return { ...graph, weights, nodes }
}
