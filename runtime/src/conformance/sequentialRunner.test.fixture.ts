import {
  dtypes,
  encodeOnnx,
  type GraphNode,
  type GraphTensor,
  parseOnnx,
} from '@lynode/sdk'
import { serveRunner } from '../runner/serveRunner.js'

// A runner whose products by a matrix add all terms one after the other, as the
// runtime's sum over the first axis does.
serveRunner({
  rewriteModel(model) {
    const graph = parseOnnx(model)
    const weights = new Map(graph.weights)
    weights.set('axis_0', axis(0n))
    weights.set('axis_1', axis(1n))
    weights.set('axis_2', axis(2n))
    return encodeOnnx({
      ...graph,
      weights,
      nodes: graph.nodes.flatMap((node): GraphNode[] => {
        const [rows = '', matrix = ''] = node.inputs
        const [result = ''] = node.outputs
        if (node.operator !== 'MatMul') return [node]
        const made = (name: string) => `${result}_${name}`
        return [
          step('Transpose', [rows], made('turned')),
          step('Unsqueeze', [made('turned'), 'axis_2'], made('left')),
          step('Unsqueeze', [matrix, 'axis_1'], made('right')),
          step('Mul', [made('left'), made('right')], made('terms')),
          {
            ...step('ReduceSum', [made('terms'), 'axis_0'], result),
            attributes: new Map([['keepdims', { type: 'int', value: 0n }]]),
          },
        ]
      }),
    })
  },
})

function step(operator: string, inputs: string[], output: string): GraphNode {
  return {
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  }
}

function axis(value: bigint): GraphTensor {
  const bytes = new Uint8Array(BigInt64Array.of(value).buffer)
  return { dtype: dtypes.int64, dims: [1], bytes }
}
