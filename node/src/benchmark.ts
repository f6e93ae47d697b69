import type { Runner } from '@lynode/runtime'
import { dtypes, encodeOnnx } from '@lynode/sdk'

/** Width of the square matrices, and how many products follow each other. */
const width = 512
const products = 4

/**
 * Measures the floating-point operations of one second on this machine: matrix
 * products in the runner, as models run there. The better of two runs counts,
 * because the first one warms up.
 */
export async function measureFlops(
  runner: Pick<Runner, 'runNode'>,
): Promise<number> {
  const dims = [width, width]
  const names = Array.from({ length: products + 1 }, (_, i) => `x${i}`)
  const last = `x${products}`
  const type = { dtype: dtypes.float32, dims, perm: [0, 1] }
  // Small values, so that no product grows into subnormals or infinities.
  const bytes = new Uint8Array(
    new Float32Array(width * width).fill(1 / width).buffer,
  )
  const model = encodeOnnx({
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x0', dtype: dtypes.float32, dims }],
    outputs: [last],
    weights: new Map(),
    nodes: names.slice(1).map((name, i) => ({
      name,
      operator: 'MatMul',
      domain: '',
      inputs: [`x${i}`, 'x0'],
      outputs: [name],
      attributes: new Map(),
    })),
    declared: new Map([
      [last, { name: last, dtype: dtypes.float32, dims: undefined }],
    ]),
    metadata: new Map(),
  })
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 2; run += 1) {
    const { timings } = await runner.runNode({
      model: { bytes: model },
      inputs: [{ name: 'x0', type, source: { bytes } }],
      outputs: [{ name: last, type }],
    })
    best = Math.min(best, timings.runMs)
  }
  return (2 * products * width ** 3) / (Math.max(best, 0.1) / 1_000)
}
