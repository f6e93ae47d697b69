import { buildModel, dtypes, type GraphTensor } from '@lynode/sdk'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'

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

/** A term above all others: what is added to it, or to its opposite, is lost. */
const absorbing = 2 ** 45

/** Rows of a run: products that are computed together. */
const rowsAtOnce = 256

/** The same where every row is a node of its own. */
const nodesAtOnce = 64

/**
 * In how many additions one term of a sum takes part: measured, not assumed
 * (after "FPRev", Xie et al. 2024). Term `i` is 2^45, term `j` is -2^45, all others
 * are 1. The ones that meet either before the two meet are lost, so the result
 * says how many terms stand under the node of the tree of additions where `i` and
 * `j` meet; over all `j`, each addition that `i` takes part in gives a count of its
 * own.
 *
 * @param leaf The term `i`.
 * @returns The count, of the column that has most. Rounding the product comes on top.
 * @throws Error when the sums are not whole: the kernel loses ones otherwise.
 * @example
 * const depth = await sumDepth(runner, { operator: 'MatMul', terms: 512, columns: 64 }, 0)
 */
export async function sumDepth(
  runner: Pick<Runner, 'runNode'>,
  kernel: ProductKernel,
  leaf: number,
  mode: ExecutionMode = 'plain',
): Promise<number> {
  const { terms, columns, single = false } = kernel
  const rows = single ? nodesAtOnce : rowsAtOnce
  const bytes = probe(kernel, rows)
  const others = Array.from({ length: terms }, (_, i) => i).filter(
    (term) => term !== leaf,
  )
  const sizes = [new Set<number>(), new Set<number>()]
  for (let from = 0; from < others.length; from += rows) {
    // The last run repeats a place, which adds no count.
    const places = Float32Array.from(
      { length: rows },
      (_, row) => others[Math.min(from + row, others.length - 1)] ?? 0,
    )
    const { outputs } = await runner.runNode({
      model: { bytes },
      mode,
      inputs: [
        input('big', new Float32Array(rows).fill(leaf)),
        input('opposite', places),
      ],
      outputs: [
        {
          name: 'y',
          type: { dtype: dtypes.float32, dims: [rows, columns], perm: [0, 1] },
        },
      ],
    })
    const left = new Float32Array(
      (outputs[0]?.data ?? new Uint8Array()).slice().buffer,
    )
    for (let row = 0; row < rows; row++)
      // The first column and the last: a kernel may end with another loop.
      for (const [set, column] of [0, columns - 1].entries()) {
        const ones = left[row * columns + column] ?? Number.NaN
        if (!Number.isInteger(ones) || ones < 0 || ones > terms - 2)
          throw new Error(`${ones} is left of ${terms - 2} ones`)
        sizes[set]?.add(terms - ones)
      }
  }
  return Math.max(...sizes.map(({ size }) => size))
}

function input(name: string, values: Float32Array) {
  return {
    name,
    type: {
      dtype: dtypes.float32,
      dims: [values.length, 1],
      perm: [0, 1],
    },
    source: { bytes: new Uint8Array(values.buffer) },
  }
}

/** A model that makes the rows from the places of their large terms, and multiplies them by ones. */
function probe(kernel: ProductKernel, rows: number): Uint8Array {
  const { operator, terms, columns, single, transposed = false } = kernel
  type Node = Parameters<typeof buildModel>[0]['nodes'][number]
  const flag = (value: boolean) =>
    ({ type: 'int', value: value ? 1n : 0n }) as const
  const product = (row: string, result: string): Node =>
    operator === 'MatMul'
      ? ['MatMul', [row, 'ones'], [result]]
      : ['Gemm', [row, 'ones'], [result], { transB: flag(transposed) }]
  const names = Array.from({ length: rows }, (_, i) => `${i}`)
  const products: Node[] = single
    ? [
        ['Split', ['rows'], names.map((i) => `row${i}`), { axis: flag(false) }],
        ...names.map((i) => product(`row${i}`, `y${i}`)),
        ['Concat', names.map((i) => `y${i}`), ['y'], { axis: flag(false) }],
      ]
    : [product('rows', 'y')]
  return buildModel({
    inputs: { big: [rows, 1], opposite: [rows, 1] },
    outputs: ['y'],
    weights: {
      place: floats([1, terms], (i) => i),
      positive: floats([1], () => absorbing),
      negative: floats([1], () => -absorbing),
      one: floats([1], () => 1),
      ones: floats(transposed ? [columns, terms] : [terms, columns], () => 1),
    },
    nodes: [
      ['Equal', ['place', 'big'], ['isBig']],
      ['Equal', ['place', 'opposite'], ['isOpposite']],
      ['Where', ['isOpposite', 'negative', 'one'], ['rest']],
      ['Where', ['isBig', 'positive', 'rest'], ['rows']],
      ...products,
    ],
  })
}

function floats(dims: number[], value: (i: number) => number): GraphTensor {
  const length = dims.reduce((product, dim) => product * dim, 1)
  const values = Float32Array.from({ length }, (_, i) => value(i))
  return { dtype: dtypes.float32, dims, bytes: new Uint8Array(values.buffer) }
}
