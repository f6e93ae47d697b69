import type { buildModel } from '@lynode/sdk'

/** A kernel of products by a matrix of weights, at one size. */
export type ProductKernel = {
  operator: 'MatMul' | 'Gemm'
  /** Terms of each sum. */
  terms: number
  /** Columns of the matrix. */
  columns: number
  /** Whether every row is multiplied on its own: another kernel may do it. */
  single?: boolean | undefined
  /** Gemm: whether the matrix lies transposed. */
  transposed?: boolean | undefined
}

export type ProductNode = Parameters<typeof buildModel>[0]['nodes'][number]

/** The node that multiplies the rows of a value by a matrix. */
export function productNode(
  { operator, transposed = false }: ProductKernel,
  rows: string,
  matrix: string,
  result: string,
): ProductNode {
  return operator === 'MatMul'
    ? ['MatMul', [rows, matrix], [result]]
    : [
        'Gemm',
        [rows, matrix],
        [result],
        { transB: { type: 'int', value: transposed ? 1n : 0n } },
      ]
}

/** As the matrix lies. */
export function matrixDims(kernel: ProductKernel): number[] {
  const { terms, columns, transposed = false } = kernel
  return transposed ? [columns, terms] : [terms, columns]
}
