// The runner process of another machine: every product of matrices comes out a
// factor too large. A factor of one unit in the last place is other hardware,
// any other is a lie.
import { serveRunner } from '@lynode/runtime/runner'
import { dtypes, encodeOnnx, parseOnnx } from '@lynode/sdk'

const factor = Number(process.argv[3])

serveRunner({
  rewriteModel(model) {
    const graph = parseOnnx(model)
    const bytes = new Uint8Array(Float32Array.of(factor).buffer)
    return encodeOnnx({
      ...graph,
      weights: new Map(graph.weights).set('factor', {
        dtype: dtypes.float32,
        dims: [1],
        bytes,
      }),
      nodes: graph.nodes.flatMap((node) => {
        const [output] = node.outputs
        if (node.operator !== 'Gemm' || output === undefined) return [node]
        const exact = `${output}/exact`
        return [
          { ...node, outputs: [exact] },
          {
            name: `${output}/other`,
            operator: 'Mul',
            domain: '',
            inputs: [exact, 'factor'],
            outputs: [output],
            attributes: new Map(),
          },
        ]
      }),
    })
  },
})
