import { dtypes, encodeOnnx, parseOnnx } from '@lynode/sdk'
import { serveRunner } from '../runner/serveRunner.js'

// A runner whose products have operands of ten bits of mantissa, as a graphics
// card gives them while TF32 is on.
serveRunner({
  rewriteModel(model) {
    const graph = parseOnnx(model)
    return encodeOnnx({
      ...graph,
      nodes: graph.nodes.flatMap((node, at) => {
        if (!['MatMul', 'Conv', 'Gemm'].includes(node.operator)) return [node]
        const casts = node.inputs.slice(0, 2).flatMap((input, slot) => {
          const half = `half_${at}_${slot}`
          return [
            cast(input, half, dtypes.float16),
            cast(half, `${half}_back`, dtypes.float32),
          ]
        })
        const inputs = node.inputs.map((input, slot) =>
          slot < 2 ? `half_${at}_${slot}_back` : input,
        )
        return [...casts, { ...node, inputs }]
      }),
    })
  },
})

function cast(input: string, output: string, dtype: number) {
  return {
    name: output,
    operator: 'Cast',
    domain: '',
    inputs: [input],
    outputs: [output],
    attributes: new Map([
      ['to', { type: 'int', value: BigInt(dtype) } as const],
    ]),
  }
}
