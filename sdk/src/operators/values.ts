import type { Interval } from '../types/interval.js'
import {
  anything,
  infinity,
  interval,
  isNaNBits,
  keyOf,
  minNormal,
} from './float32.js'
import type { Operand } from './operator.js'
import {
  abs,
  add,
  ceilKey,
  compare,
  div,
  floorKey,
  fromKey,
  max,
  min,
  mul,
  type Real,
  real,
  sub,
} from './real.js'

// Reads operand elements as sets and writes results as intervals, by RULES C.
// Twin of contracts/libraries/Values.sol.

/** What a float32 operand can be: keys, both ends inclusive; `any` where it may be a NaN. */
export type Floats = {
  readonly any: boolean
  readonly low: bigint
  readonly high: bigint
}

/** Exactly this bit pattern. */
export function bits(pattern: bigint): Interval {
  return { kind: 'bits', low: pattern, high: pattern }
}

/** Integers of the element type, both ends inclusive. */
export function integers(low: bigint, high: bigint): Interval {
  return { kind: 'integer', low, high }
}

/** The floats inside `[low, high]`. C2: anything where a magnitude may reach 2^127. */
export function within(low: Real, high: Real): Interval {
  if (overflows(low) || overflows(high)) return anything()
  return interval(ceilKey(low), floorKey(high))
}

/**
 * The floats inside `[low, high]`, and the neighbours of its ends outside: what a
 * real rounds to where either neighbour is correct. C2 as in `within`.
 */
export function outward(low: Real, high: Real): Interval {
  if (overflows(low) || overflows(high)) return anything()
  return interval(floorKey(low), ceilKey(high))
}

/**
 * As `within`, each end moved outwards by `relative` times its magnitude plus
 * `absolute` plus 2^-126.
 */
export function around(
  low: Real,
  high: Real,
  relative: Real,
  absolute: Real,
): Interval {
  return within(
    sub(low, slack(low, relative, absolute), 'down'),
    add(high, slack(high, relative, absolute), 'up'),
  )
}

export function slack(y: Real, relative: Real, absolute: Real): Real {
  return add(
    add(mul(abs(y), relative, 'up'), absolute, 'up'),
    real(1n, -126),
    'up',
  )
}

export function overflows(a: Real): boolean {
  return compare(abs(a), real(1n, 127)) >= 0
}

/** Both ends finite (C2). */
export function finite(x: Floats): boolean {
  return !x.any && x.low > -infinity && x.high < infinity
}

/**
 * Exact ends of `x / y`, rounded outwards; `undefined` where anything is
 * accepted. C0: a divisor that may be 0 accepts anything; so does one from 2^126
 * on, whose reciprocal is subnormal and may be flushed.
 */
export function quotientEnds(
  x: Floats,
  y: Floats,
): { low: Real; high: Real } | undefined {
  if (!finite(x) || !finite(y) || (y.low <= 0n && y.high >= 0n))
    return undefined
  const [c, d] = [fromKey(y.low), fromKey(y.high)]
  const limit = real(1n, 126)
  if (compare(abs(c), limit) >= 0 || compare(abs(d), limit) >= 0)
    return undefined
  const [a, b] = [fromKey(x.low), fromKey(x.high)]
  return {
    low: min(
      min(div(a, c, 'down'), div(a, d, 'down')),
      min(div(b, c, 'down'), div(b, d, 'down')),
    ),
    high: max(
      max(div(a, c, 'up'), div(a, d, 'up')),
      max(div(b, c, 'up'), div(b, d, 'up')),
    ),
  }
}

/** Element `i` of a float32 operand. C0: a subnormal stands for hull(0, x). */
export function floatAt(operand: Operand, i: number): Floats {
  const known = operand.derived[i]
  if (known === undefined) return point(patternAt(operand, i, 4))
  if (known.kind === 'any') return nothingKnown
  if (known.kind === 'bits') return point(known.low)
  return flushed(known.low, known.high)
}

/** The set of one float32 bit pattern. */
export function point(pattern: bigint): Floats {
  const word = Number(pattern)
  if (isNaNBits(word)) return nothingKnown
  const key = keyOf(word)
  return flushed(key, key)
}

const nothingKnown: Floats = { any: true, low: 0n, high: 0n }

function flushed(low: bigint, high: bigint): Floats {
  return {
    any: false,
    low: low > 0n && low < minNormal ? 0n : low,
    high: high < 0n && high > -minNormal ? 0n : high,
  }
}

/**
 * Element `i` of an integer or bool operand, both ends inclusive; `undefined`
 * where nothing is known of it (C4: a bool byte above 1).
 */
export function integerAt(
  operand: Operand,
  i: number,
  dtype: number,
): { low: bigint; high: bigint } | undefined {
  const known = operand.derived[i]
  if (known?.kind === 'any') return undefined
  if (known?.kind === 'integer') return known
  const low = integerOf(
    known ? known.low : patternAt(operand, i, width(dtype)),
    dtype,
  )
  return dtype === 9 && low > 1n ? undefined : { low, high: low }
}

/** Element `i` as it is, for operators that only move it. */
export function moved(operand: Operand, i: number, dtype: number): Interval {
  return operand.derived[i] ?? bits(patternAt(operand, i, width(dtype)))
}

/** Little-endian bytes of element `i` as an unsigned pattern. */
export function patternAt(operand: Operand, i: number, size: number): bigint {
  if ((i + 1) * size > operand.data.length)
    throw new RangeError(`operand has no element ${i}`)
  let pattern = 0n
  for (let k = size - 1; k >= 0; k--)
    pattern = (pattern << 8n) | BigInt(operand.data[i * size + k] as number)
  return pattern
}

/** Value of a bit pattern of an integer type. */
export function integerOf(pattern: bigint, dtype: number): bigint {
  if (dtype === 2 || dtype === 9) return BigInt.asUintN(8, pattern)
  if (dtype === 3) return BigInt.asIntN(8, pattern)
  if (dtype === 6) return BigInt.asIntN(32, pattern)
  if (dtype === 7) return BigInt.asIntN(64, pattern)
  throw new RangeError(`dtype ${dtype} is no integer`)
}

/** Least and greatest value of an integer type. */
export function limits(dtype: number): { low: bigint; high: bigint } {
  if (dtype === 9) return { low: 0n, high: 1n }
  if (dtype === 2) return { low: 0n, high: 255n }
  const size = BigInt(8 * width(dtype) - 1)
  if (dtype === 3 || dtype === 6 || dtype === 7)
    return { low: -(1n << size), high: (1n << size) - 1n }
  throw new RangeError(`dtype ${dtype} is no integer`)
}

/** Bytes of an element. */
export function width(dtype: number): number {
  if (dtype === 2 || dtype === 3 || dtype === 9) return 1
  if (dtype === 10) return 2
  if (dtype === 7 || dtype === 11) return 8
  return 4
}
