import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import {
  anything,
  between,
  bitsAt,
  ceil,
  floor,
  interval,
  one,
  quotient,
} from './float32.js'
import { OperatorError } from './operator.js'

/**
 * A dot product in exact wide fixed point: docs/operators.md, "Sums". Twin of
 * `contracts/libraries/ExactDot.sol`.
 */
export type Dot = {
  /** An operand is infinite or NaN, or a product reaches 2^127 (RULES C2). */
  poisoned: boolean
  /** Number of terms. */
  terms: number
  /** All sums count units of `2^exponent`. */
  exponent: number
  /** Sum of the kept terms. */
  sum: bigint
  /** Sum of |term| over the kept terms, plus `dropped`. */
  magnitude: bigint
  /** Upper bound of the sum of |term| over the terms that are not in `sum`. */
  dropped: bigint
}

/** Most terms of a sum; the contract takes more than 65,535 of them in parts only. */
export const maxTerms = 1_048_576
/** Terms more than this many binary orders below the largest are dropped. */
const window = 63
/** The window never reaches below products of 2^-143, far below any tolerance. */
const minTop = 174
/** From this sum of exponent fields on, one product alone reaches 2^127. */
const maxTop = 380

/**
 * The dot product of packed little-endian float32 operands; without `b` the sum
 * of `a`. Throws `OperatorError` on operands of unequal or unsupported length.
 */
export function exactDot(a: Uint8Array, b?: Uint8Array | undefined): Dot {
  const terms = a.length / 4
  if (
    !Number.isInteger(terms) ||
    terms === 0 ||
    terms > maxTerms ||
    (b !== undefined && b.length !== a.length)
  )
    throw new OperatorError(
      `operands of ${a.length} and ${b?.length ?? a.length} bytes`,
    )

  const pairs = Array.from({ length: terms }, (_, i) => {
    const x = bitsAt(a, i)
    const y = b === undefined ? one : bitsAt(b, i)
    return { x, y, xField: (x >>> 23) & 255, yField: (y >>> 23) & 255 }
  })

  let poisoned = false
  let top = minTop
  for (const { xField, yField } of pairs) {
    if (xField === 255 || yField === 255) poisoned = true
    if (xField > 0 && yField > 0) top = Math.max(top, xField + yField)
  }
  const exponent = top - window - 300
  if (poisoned || top > maxTop)
    return {
      poisoned: true,
      terms,
      exponent: 0,
      sum: 0n,
      magnitude: 0n,
      dropped: 0n,
    }

  let sum = 0n
  let magnitude = 0n
  // A normal term below the window is below 2^47 units; as if every one were.
  let dropped = BigInt(terms) << 47n
  for (const { x, y, xField, yField } of pairs) {
    if ((x & 0x7fffffff) === 0 || (y & 0x7fffffff) === 0) continue
    if (xField === 0 || yField === 0) {
      // C0: a subnormal operand stands for hull(0, x); the term is below
      // 2^-126 times the binary order above the other operand.
      const order = Math.max(xField, yField, 1) - 252 - exponent
      dropped += order > 0 ? 1n << BigInt(order) : 1n
      continue
    }
    const shift = xField + yField - (top - window)
    if (shift < 0) continue
    const product =
      BigInt((x & 0x7fffff) | 0x800000) * BigInt((y & 0x7fffff) | 0x800000)
    const term = product << BigInt(shift)
    sum += (x ^ y) >>> 31 === 0 ? term : -term
    magnitude += term
  }
  return {
    poisoned: false,
    terms,
    exponent,
    sum,
    magnitude: magnitude + dropped,
    dropped,
  }
}

/**
 * Half the width of the interval of a dot product that sees at most `roundings`
 * relative errors a term: `gamma (S + dropped) + dropped + 4 roundings 2^-126`,
 * in units of `dot.exponent`; the last part times `scale`.
 */
export function tolerance(dot: Dot, roundings: number, scale: bigint): bigint {
  const n = BigInt(roundings)
  const relative = ceilDiv(n * dot.magnitude, (1n << 24n) - n)
  const underflow = 4n * n * scale
  const unit = -126 - dot.exponent
  return (
    relative +
    dot.dropped +
    (unit >= 0
      ? underflow << BigInt(unit)
      : ceilDiv(underflow, 1n << BigInt(-unit)))
  )
}

/** C2: an intermediate magnitude of `magnitude * 2^exponent` may reach 2^127. */
export function mayOverflow(magnitude: bigint, exponent: number): boolean {
  return magnitude >> BigInt(Math.max(0, 127 - exponent)) !== 0n
}

/** Most terms that a machine adds one after the other in a blocked product. */
const run = 256

/**
 * Roundings to nearest that are worth those that one of `terms` terms goes
 * through at most, and `more` after the sum. Plain: one a term. Blocked: those of
 * the longest run of additions, and one for every run. WGSL rounds to either
 * neighbour, which is twice as far, and divides within 2.5 ulp, which is less than
 * three times.
 *
 * @example
 * const most = roundingsOf(4_096, arithmetics.blocked) // 272
 */
export function roundingsOf(
  terms: number,
  arithmetic: Arithmetic = arithmetics.plain,
  more = 0,
): number {
  if (arithmetic === arithmetics.plain) return terms + more
  if (arithmetic === arithmetics.wgsl) return 2 * terms + 3 * more
  return Math.min(terms, run + Math.ceil(terms / run)) + more
}

/** What an honest machine can have produced for a dot product or sum. */
export function dotInterval(dot: Dot, arithmetic?: Arithmetic): Interval {
  if (dot.poisoned) return anything()
  const error = tolerance(dot, roundingsOf(dot.terms, arithmetic), 1n)
  if (mayOverflow(dot.magnitude + error, dot.exponent)) return anything()
  return between(dot.sum - error, dot.sum + error, dot.exponent)
}

/**
 * What an honest machine can have produced for a sum divided by a count: at
 * most two more roundings a term (multiplying by a rounded reciprocal).
 */
export function meanInterval(
  dot: Dot,
  divisor: number,
  arithmetic?: Arithmetic,
): Interval {
  if (dot.poisoned) return anything()
  const roundings = roundingsOf(dot.terms, arithmetic, 2)
  const error = tolerance(dot, roundings, BigInt(divisor))
  if (mayOverflow(dot.magnitude + error, dot.exponent)) return anything()
  const low = quotient(dot.sum - error, BigInt(divisor))
  const high = quotient(dot.sum + error, BigInt(divisor))
  return interval(
    ceil(low.mantissa, low.exponent + dot.exponent),
    floor(high.mantissa, high.exponent + dot.exponent),
  )
}

function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
