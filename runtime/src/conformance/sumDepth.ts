import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { floatTensor } from './floatTensor.js'
import { additionsOf } from './probedSum.js'
import {
  matrixDims,
  type ProductKernel,
  type ProductNode,
  productNode,
} from './productKernel.js'

/** Rows of a run: products that are computed together. */
const rowsAtOnce = 256

/** The same where every row is a node of its own. */
const nodesAtOnce = 64

/**
 * In how many additions one term of a product by a matrix of weights takes part
 * ({@link additionsOf}).
 *
 * @param leaf The term.
 * @example
 * const depth = await sumDepth(runner, { operator: 'MatMul', terms: 512, columns: 64 }, 0)
 */
export function sumDepth(
  runner: Pick<Runner, 'runNode'>,
  kernel: ProductKernel,
  leaf: number,
  mode: ExecutionMode = 'plain',
): Promise<number> {
  const { terms, columns, single = false } = kernel
  const rows = single ? nodesAtOnce : rowsAtOnce
  const sum = {
    terms,
    rows,
    columns,
    weights: { ones: floatTensor(matrixDims(kernel), () => 1) },
    nodes: productsOf(kernel, rows),
  }
  return additionsOf(runner, sum, leaf, mode)
}

function productsOf(kernel: ProductKernel, rows: number): ProductNode[] {
  const axis = { axis: { type: 'int', value: 0n } } as const
  const product = (row: string, result: string) =>
    productNode(kernel, row, 'ones', result)
  if (kernel.single !== true) return [product('rows', 'y')]
  const names = Array.from({ length: rows }, (_, i) => `${i}`)
  return [
    ['Split', ['rows'], names.map((i) => `row${i}`), axis],
    ...names.map((i) => product(`row${i}`, `y${i}`)),
    ['Concat', names.map((i) => `y${i}`), ['y'], axis],
  ]
}
