import type { Interval } from '../types/interval.js'
import { infinity } from './float32.js'
import type { Operand } from './operator.js'
import { type Floats, patternAt } from './values.js'

// float16 elements as float32 keys: every float16 is a float32, so sets of them
// are sets of float32 keys. Twin of contracts/libraries/Half.sol.

/** Key of 2^-14: what is below is subnormal in float16, and may be flushed (C0). */
const minNormal = 0x38800000n
/** Key of 65,504, the largest float16. */
const largest = 0x477fe000n
/** Key of 65,520, halfway between the largest float16 and 2^16. */
const overflow = 0x477ff000n
/** Keys of 2^-25 and 2^-24: half of the smallest float16, and it. */
const halfSmallest = 0x33000000n
const smallest = 0x33800000n

/**
 * The float32 key of a float16 bit pattern; `undefined` for a NaN.
 *
 * @example
 * halfKey(0x3c00n) // of 1 in half precision
 */
export function halfKey(pattern: bigint): bigint | undefined {
  const field = (pattern >> 10n) & 31n
  const mantissa = pattern & 1023n
  let magnitude: bigint
  if (field === 31n) {
    if (mantissa !== 0n) return undefined
    magnitude = infinity
  } else if (field !== 0n)
    magnitude = ((field + 112n) << 23n) | (mantissa << 13n)
  else {
    // A subnormal: mantissa 2^-24.
    magnitude = 0n
    for (let top = 9n; top >= 0n && magnitude === 0n; top--)
      if (mantissa >> top !== 0n)
        magnitude =
          ((top + 103n) << 23n) | ((mantissa << (23n - top)) & 0x7fffffn)
  }
  return (pattern >> 15n) & 1n ? -magnitude : magnitude
}

/** The float16 nearest to a float32, ties to even, as a key; overflows to infinity. */
export function nearestHalf(key: bigint): bigint {
  const magnitude = key < 0n ? -key : key
  const rounded = nearestMagnitude(magnitude)
  return key < 0n ? -rounded : rounded
}

function nearestMagnitude(key: bigint): bigint {
  if (key >= overflow) return infinity
  if (key <= halfSmallest) return 0n
  if (key < smallest) return smallest
  // Below 2^-14 a bit less for each binary order.
  const drop = key < minNormal ? 126n - (key >> 23n) : 13n
  const odd = (key >> drop) & 1n
  return ((key + (1n << (drop - 1n)) - 1n + odd) >> drop) << drop
}

/** Element `i` of a float16 operand. C0: a subnormal stands for hull(0, x). */
export function halfAt(operand: Operand, i: number): Floats {
  const known = operand.derived[i]
  if (known?.kind === 'any') return { any: true, low: 0n, high: 0n }
  if (known?.kind === 'float') return flushed(known.low, known.high)
  const key = halfKey(known ? known.low : patternAt(operand, i, 2))
  return key === undefined
    ? { any: true, low: 0n, high: 0n }
    : flushed(key, key)
}

function flushed(low: bigint, high: bigint): Floats {
  return {
    any: false,
    low: low > 0n && low < minNormal ? 0n : low,
    high: high < 0n && high > -minNormal ? 0n : high,
  }
}

/** The float16 that floats in `[low, high]` round to. C0: what is subnormal may be flushed. */
export function halfInterval(low: bigint, high: bigint): Interval {
  const ends = flushed(nearestHalf(low), nearestHalf(high))
  return { kind: 'float', low: ends.low, high: ends.high }
}

/** The same where either neighbour is correct; anything where one is infinite. */
export function halfOutward(low: bigint, high: bigint): Interval {
  if (low < -largest || high > largest)
    return { kind: 'any', low: 0n, high: 0n }
  const ends = flushed(towards(low, low < 0n), towards(high, high > 0n))
  return { kind: 'float', low: ends.low, high: ends.high }
}

/** The float16 next to a finite key, away from 0 or towards it. */
function towards(key: bigint, away: boolean): bigint {
  const size = key < 0n ? -key : key
  if (size === 0n) return 0n
  const drop = size < minNormal ? 126n - (size >> 23n) : 13n
  let kept = size < smallest ? 0n : (size >> drop) << drop
  if (away && kept !== size)
    kept = size < smallest ? smallest : kept + (1n << drop)
  return key < 0n ? -kept : kept
}
