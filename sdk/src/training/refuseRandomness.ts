import type { Graph } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { intOf, noGradient } from './vjp/rule.js'

/**
 * Refuses what would draw numbers or keep statistics inside the graph: nobody
 * could run such a step again.
 *
 * @throws LynodeError LY-TRN-001
 */
export function refuseRandomness(graph: Graph): void {
  for (const node of graph.nodes) {
    if (node.operator === 'Dropout' && node.inputs[2]) {
      const mode = graph.weights.get(node.inputs[2])
      if (mode === undefined || tensorData(mode)[0] !== 0)
        throw noGradient(
          node,
          'it draws random numbers: make its mask an input and multiply by it',
        )
    }
    if (
      node.operator === 'BatchNormalization' &&
      intOf(node, 'training_mode', 0) !== 0
    )
      throw noGradient(
        node,
        'statistics of a batch are not specified: export it in evaluation mode and freeze it, or use LayerNormalization',
      )
  }
}
