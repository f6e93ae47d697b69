import { halfKey } from '../operators/half.js'
import type { Interval } from '../types/interval.js'
import { dtypes } from '../types/tensorType.js'

/**
 * Whether an honest machine can have produced the bit pattern `bits`
 * (zero-extended from its little-endian bytes). Twin of
 * `contracts/libraries/HonestSet.sol`.
 *
 * @throws RangeError when the set is empty or of a kind that the dtype has no
 * values in: a wrong checker must not convict (A10).
 * @example
 * isHonest({ kind: 'bits', low: 5n, high: 5n }, 5n, dtypes.uint8) // true
 */
export function isHonest(set: Interval, bits: bigint, dtype: number): boolean {
  if (set.kind === 'any') return true // C2
  if (set.low > set.high) throw incomparable(set, dtype)
  switch (set.kind) {
    case 'float': {
      if (dtype !== dtypes.float32 && dtype !== dtypes.float16)
        throw incomparable(set, dtype)
      if (isNaNPattern(bits, dtype)) return false
      // A float16 is a float32.
      const key = dtype === dtypes.float32 ? floatKey(bits) : halfKey(bits)
      return key !== undefined && set.low <= key && key <= set.high
    }
    case 'integer': {
      const value = integerOf(bits, dtype)
      if (value === undefined) throw incomparable(set, dtype)
      return set.low <= value && value <= set.high
    }
    case 'bits': {
      if (set.low !== set.high) throw incomparable(set, dtype)
      const pattern = BigInt.asUintN(64, set.low)
      return (
        bits === pattern ||
        (isNaNPattern(bits, dtype) && isNaNPattern(pattern, dtype)) // C1
      )
    }
  }
}

/**
 * Order-preserving key of a float32 pattern: both zeros are 0 (C1).
 *
 * @example
 * floatKey(0x3f800000n) > floatKey(0xbf800000n) // true
 */
export function floatKey(bits: bigint): bigint {
  return bits < 1n << 31n ? bits : -(bits - (1n << 31n))
}

/**
 * Value of an element of an integer dtype; `undefined` for other dtypes.
 *
 * @example
 * integerOf(0xffn, dtypes.int8) // -1n
 */
export function integerOf(bits: bigint, dtype: number): bigint | undefined {
  switch (dtype) {
    case dtypes.uint8:
    case dtypes.bool:
      return BigInt.asUintN(8, bits)
    case dtypes.int8:
      return BigInt.asIntN(8, bits)
    case dtypes.int32:
      return BigInt.asIntN(32, bits)
    case dtypes.int64:
      return BigInt.asIntN(64, bits)
    default:
      return undefined
  }
}

/**
 * Little-endian bytes of one element as a number.
 *
 * @example
 * bitsOf(Uint8Array.of(0, 0, 128, 63)) // 0x3f800000n
 */
export function bitsOf(bytes: Uint8Array): bigint {
  let bits = 0n
  for (let i = bytes.length - 1; i >= 0; i--)
    bits = (bits << 8n) | BigInt(bytes[i]!)
  return bits
}

function isNaNPattern(bits: bigint, dtype: number): boolean {
  if (dtype === dtypes.float32) return (bits & 0x7fffffffn) > 0x7f800000n
  if (dtype === dtypes.float16) return (bits & 0x7fffn) > 0x7c00n
  if (dtype === dtypes.float64)
    return (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n
  return false
}

function incomparable(set: Interval, dtype: number): RangeError {
  return new RangeError(`no dtype ${dtype} value lies in a ${set.kind} set`)
}
