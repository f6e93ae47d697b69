import { buildModel, dtypes, type ModelParts } from '@lynode/sdk'
import type { ExecutionMode } from '../runner/messages.js'
import type { Runner } from '../runner/runner.js'
import { floatTensor } from './floatTensor.js'

/** A term above all others: what is added to it, or to its opposite, is lost. */
const absorbing = 2 ** 45

/** A kernel that adds the terms of the rows of a matrix. */
export type ProbedSum = {
  /** Terms of each sum. */
  terms: number
  /** Sums that one run makes. */
  rows: number
  /** Results of each sum, of which the first and the last are looked at. */
  columns: number
  /** The result is a mean: it is multiplied by this to have the sum again. */
  count?: number | undefined
  /** From the activation `rows`, [rows, terms], to the output `y`, [rows, columns]. */
  nodes: ModelParts['nodes']
  weights?: ModelParts['weights']
}

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
 * const nodes = [['ReduceSum', ['rows', 'axis'], ['y']]]
 * const additions = await additionsOf(runner, { terms: 512, rows: 256, columns: 1, nodes, weights }, 0)
 */
export async function additionsOf(
  runner: Pick<Runner, 'runNode'>,
  sum: ProbedSum,
  leaf: number,
  mode: ExecutionMode = 'plain',
): Promise<number> {
  const { terms, rows, columns, count = 1 } = sum
  const bytes = probe(sum)
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
        const ones = onesLeft(left[row * columns + column], count)
        if (!Number.isInteger(ones) || ones < 0 || ones > terms - 2)
          throw new Error(`${ones} is left of ${terms - 2} ones`)
        sizes[set]?.add(terms - ones)
      }
  }
  return Math.max(...sizes.map(({ size }) => size))
}

/** A mean of whole numbers is rounded, a sum of them is not. */
function onesLeft(result = Number.NaN, count: number): number {
  const ones = result * count
  const nearest = Math.round(ones)
  return count !== 1 && Math.abs(ones - nearest) < 0.1 ? nearest : ones
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

/** A model that makes the rows from the places of their large terms, and adds them. */
function probe({ terms, rows, nodes, weights }: ProbedSum): Uint8Array {
  return buildModel({
    inputs: { big: [rows, 1], opposite: [rows, 1] },
    outputs: ['y'],
    weights: {
      place: floatTensor([1, terms], (i) => i),
      positive: floatTensor([1], () => absorbing),
      negative: floatTensor([1], () => -absorbing),
      one: floatTensor([1], () => 1),
      ...weights,
    },
    nodes: [
      ['Equal', ['place', 'big'], ['isBig']],
      ['Equal', ['place', 'opposite'], ['isOpposite']],
      ['Where', ['isOpposite', 'negative', 'one'], ['rest']],
      ['Where', ['isBig', 'positive', 'rest'], ['rows']],
      ...nodes,
    ],
  })
}
