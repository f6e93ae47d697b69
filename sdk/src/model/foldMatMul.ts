import { elementCount, rowMajorStrides } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'
import { foldedElements, numbers, type Small } from './smallTensor.js'

/** Most products of a folded one. */
const mostProducts = 1 << 20

/**
 * Product of constant matrices of float32, batch axes broadcast: frequencies by
 * positions, of which rotary embeddings take the sine and cosine.
 */
export function foldMatMul(a: Small, b: Small): Small | undefined {
  const [n, k] = a.dims.slice(-2)
  const [depth, m] = b.dims.slice(-2)
  if (n === undefined || m === undefined || k !== depth) return undefined
  if (a.dtype !== dtypes.float32 || b.dtype !== dtypes.float32) return undefined
  const rank = Math.max(a.dims.length, b.dims.length)
  const [p, q] = [a.dims, b.dims].map((dims) => [
    ...new Array<number>(rank - dims.length).fill(1),
    ...dims,
  ])
  if (p === undefined || q === undefined || k === undefined) return undefined
  const batch = p.slice(0, -2).map((size, i) => Math.max(size, q[i] ?? 1))
  if (batch.some((size, i) => [p[i], q[i]].some((s) => s !== 1 && s !== size)))
    return undefined
  const dims = [...batch, n, m]
  const count = elementCount(dims)
  if (!(count <= foldedElements) || count * k > mostProducts) return undefined
  const [x, y, steps] = [numbers(a), numbers(b), rowMajorStrides(dims)]
  const [s, t] = [rowMajorStrides(p), rowMajorStrides(q)]
  const data = Array.from({ length: count }, (_, index) => {
    const at = dims.map((dim, axis) => Math.floor(index / steps[axis]!) % dim)
    const offset = (sizes: readonly number[], strides: readonly number[]) =>
      batch.reduce(
        (sum, _, axis) =>
          sum + (sizes[axis] === 1 ? 0 : at[axis]! * strides[axis]!),
        0,
      )
    const row = offset(p, s) + at[rank - 2]! * k
    const column = offset(q, t) + at[rank - 1]!
    let sum = 0
    for (let i = 0; i < k; i++) sum += x[row + i]! * y[column + i * m]!
    return Math.fround(sum)
  })
  return { dtype: dtypes.float32, dims, data }
}
