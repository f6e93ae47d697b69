import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'
import {
  anything,
  bitsAt,
  isFiniteBits,
  isNaNBits,
  keyOf,
  minNormal,
} from './float32.js'
import type { Checker, ElementQuery, Operand } from './operator.js'
import { requireCommitted } from './requireCommitted.js'
import { committedAt, committedStride, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { integerOf, integers, patternAt, width } from './values.js'

// Operators that rank the elements of a row. C4: ties go to the lowest index (or
// the last one, where the node says so), all |x| < 2^-126 tie, a NaN accepts
// anything. Twin of contracts/verification/operators/RankChecker.sol.

export const opcodes = { argMax: 111, argMin: 112, topK: 113 } as const

/** The checker of an opcode of the ranking family. */
export function rankChecker(opcode: number): Checker {
  return {
    opcode,
    class: 'exact',
    ranges(query) {
      const x = typeAt(query.inputs, 0)
      const { at, axis } = placeOf(query)
      at[axis] = 0
      const count = x.dims[axis] as number
      const stride = count === 1 ? 1 : committedStride(x, axis)
      return [{ operand: 0, first: committedAt(x, at), count, stride }]
    },
    evaluate(query, operands) {
      requireCommitted(operands)
      const topK = query.opcode === opcodes.topK
      const greatest = topK
        ? query.attributes[1] !== 0
        : query.opcode === opcodes.argMax
      const last = !topK && query.attributes[1] !== 0
      const row = rowOf(query, operands[0] as Operand, greatest)
      if (row === undefined) return anything()
      const { rank } = placeOf(query)
      const order = row.keys
        .map((key, index) => ({ key, index }))
        .sort((a, b) =>
          a.key !== b.key
            ? a.key > b.key
              ? -1
              : 1
            : last
              ? b.index - a.index
              : a.index - b.index,
        )
      const found = order[rank] as Ranked
      return topK && query.output === 0
        ? rankedValue(row, found.key, greatest)
        : rankedIndex(row, found, rank, last)
    },
  }
}

/** A row whose highest key is first in rank. */
type Row = {
  /** Turned round where the least comes first. */
  keys: readonly bigint[]
  /** Whether keys within `minNormal` of 0 tie. */
  floating: boolean
}

type Ranked = { key: bigint; index: number }

/** Coordinates in the input of an element of the row, the axis, and for TopK the rank. */
function placeOf(query: ElementQuery): {
  at: number[]
  axis: number
  rank: number
} {
  const axis = query.attributes[0] as number
  if (query.opcode === opcodes.topK) {
    const at = coordinatesOf(
      typeAt(query.outputs, query.output).dims,
      query.element,
    )
    return { at, axis, rank: at[axis] as number }
  }
  // The axis, kept as 1 or dropped, does not change the row-major index.
  const dims = typeAt(query.inputs, 0).dims.map((dim, k) =>
    k === axis ? 1 : dim,
  )
  return { at: coordinatesOf(dims, query.element), axis, rank: 0 }
}

/** `undefined` where there is a NaN (C4), in WGSL an infinity. */
function rowOf(
  query: ElementQuery,
  operand: Operand,
  greatest: boolean,
): Row | undefined {
  const { dtype } = typeAt(query.inputs, 0)
  const floating = dtype === dtypes.float32
  const wgsl = query.arithmetic === arithmetics.wgsl
  const size = width(dtype)
  const keys: bigint[] = []
  for (let i = 0; i < operand.data.length / size; i++) {
    const bits = floating ? bitsAt(operand.data, i) : 0
    // Shaders may be compiled not to know infinity either.
    if (wgsl ? !isFiniteBits(bits) : isNaNBits(bits)) return undefined
    const key = floating
      ? keyOf(bits)
      : integerOf(patternAt(operand, i, size), dtype)
    keys.push(greatest ? key : turned(floating, key))
  }
  return { keys, floating }
}

/** The order turned round, on the same range. */
function turned(floating: boolean, key: bigint): bigint {
  return floating ? -key : ~key
}

function ties({ floating }: Row, key: bigint): boolean {
  return floating && key > -minNormal && key < minNormal
}

/** The value of a rank. Among those that tie it may be any, or zero. */
function rankedValue(row: Row, key: bigint, greatest: boolean): Interval {
  let [low, high] = [key, key]
  if (ties(row, key)) {
    low = 0n
    high = 0n
    for (const other of row.keys) {
      if (!ties(row, other)) continue
      if (other < low) low = other
      if (other > high) high = other
    }
  }
  if (!greatest)
    [low, high] = [turned(row.floating, high), turned(row.floating, low)]
  return { kind: row.floating ? 'float' : 'integer', low, high }
}

/** The index of a rank: as found, or as it is where all that tie are one value. */
function rankedIndex(
  row: Row,
  found: Ranked,
  rank: number,
  last: boolean,
): Interval {
  let other = found.index
  if (ties(row, found.key)) {
    const above = row.keys.filter((key) => key >= minNormal).length
    const tied = row.keys.flatMap((key, index) =>
      ties(row, key) ? [index] : [],
    )
    other = (last ? tied.at(-1) : tied[rank - above]) as number
  }
  const low = Math.min(other, found.index)
  const high = Math.max(other, found.index)
  return integers(BigInt(low), BigInt(high))
}
