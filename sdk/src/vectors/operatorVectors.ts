import { checkerOf } from '../operators/index.js'
import type { ElementQuery, Operand } from '../operators/operator.js'
import type { Interval } from '../types/interval.js'
import type { TensorType } from '../types/tensorType.js'

// The vectors that Solidity checkers and their twins must agree on
// (test/differential/Operators.t.sol).

/** One query with the operand elements that it reads. */
export type VectorCase = {
  query: ElementQuery
  operands: readonly Operand[]
}

/** A deterministic source of unsigned 32-bit words. */
export type Random = () => number

/** Deterministic words from a seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (word ^ (word >>> 14)) >>> 0
  }
}

/** The file of some cases: one line a vector, with what the twin says to it. */
export function vectorFile(cases: readonly VectorCase[]): string {
  const lines = cases.map((vector) => JSON.stringify(vectorOf(vector)))
  return `{"vectors":[\n${lines.join(',\n')}\n]}\n`
}

function vectorOf({ query, operands }: VectorCase): unknown {
  const checker = checkerOf(query.opcode)
  if (checker === undefined)
    throw new RangeError(`opcode ${query.opcode} has no checker`)
  return {
    query: {
      ...query,
      inputs: query.inputs.map(
        (input): TensorType | { dtype: 0; dims: []; perm: [] } =>
          input ?? { dtype: 0, dims: [], perm: [] },
      ),
      arithmetic: query.arithmetic ?? 0,
      fused: query.fused ?? 0,
    },
    operands: operands.map(({ data, derived }) => ({
      data: `0x${Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
      derived: derived.map(intervalOf),
    })),
    ranges: [
      ...checker.ranges(query),
      ...(checker.dependentRanges?.(query, operands) ?? []),
    ],
    interval: intervalOf(checker.evaluate(query, operands)),
  }
}

const kinds = { any: 0, float: 1, integer: 2, bits: 3 } as const

function intervalOf({ kind, low, high }: Interval): unknown {
  // Strings: JSON numbers end at 2^53.
  const signed = (end: bigint) => BigInt.asIntN(64, end).toString()
  return { kind: kinds[kind], low: signed(low), high: signed(high) }
}
