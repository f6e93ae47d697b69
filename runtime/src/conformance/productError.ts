import { arithmetics, buildModel, dtypes, roundingsOf } from '@lynode/sdk'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { floatTensor } from './floatTensor.js'
import { matrixDims, type ProductKernel, productNode } from './productKernel.js'
import { randomFloats } from './randomFloats.js'

/** Rows of the product, but for kernels of one. */
const mostRows = 16

/** Largest error of a product of ordinary numbers, and of equal ones, as a share of the bound. */
export async function productError(
  runner: Pick<Runner, 'runNode'>,
  kernel: ProductKernel,
  mode: ExecutionMode,
): Promise<number> {
  const { terms, columns, transposed = false } = kernel
  const rows = kernel.single ? 1 : mostRows
  const random = randomFloats(terms)
  const x = Float32Array.from({ length: rows * terms }, (_, i) =>
    // The first row is equal numbers, on which errors of one sign add up.
    i < terms ? 0.7 : random(),
  )
  const w = Float32Array.from({ length: terms * columns }, (_, i) =>
    i % columns === 0 ? 0.3 : random(),
  )
  // As it lies, column by column where it lies transposed.
  const placeOf = (i: number) =>
    transposed ? (i % terms) * columns + Math.floor(i / terms) : i
  const { outputs } = await runner.runNode({
    model: {
      bytes: buildModel({
        inputs: { x: [rows, terms] },
        outputs: ['y'],
        weights: {
          w: floatTensor(matrixDims(kernel), (i) => w[placeOf(i)] ?? 0),
        },
        nodes: [productNode(kernel, 'x', 'w', 'y')],
      }),
    },
    mode,
    inputs: [
      {
        name: 'x',
        type: { dtype: dtypes.float32, dims: [rows, terms], perm: [0, 1] },
        source: { bytes: new Uint8Array(x.buffer) },
      },
    ],
    outputs: [
      {
        name: 'y',
        type: { dtype: dtypes.float32, dims: [rows, columns], perm: [0, 1] },
      },
    ],
  })
  const y = new Float32Array(
    (outputs[0]?.data ?? new Uint8Array()).slice().buffer,
  )
  const roundings = roundingsOf(terms, arithmetics.blocked)
  const gamma = roundings / (2 ** 24 - roundings)
  let worst = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      let size = 0
      for (let k = 0; k < terms; k++) {
        const term = (x[row * terms + k] ?? 0) * (w[k * columns + column] ?? 0)
        sum += term
        size += Math.abs(term)
      }
      const error = Math.abs((y[row * columns + column] ?? Number.NaN) - sum)
      // NaN is the worst of all.
      if (!(error / (gamma * size) <= worst)) worst = error / (gamma * size)
    }
  return worst
}
