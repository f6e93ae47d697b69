import { halfKey, type Interval, integerOf } from '@lynode/sdk'

const signBit = 1n << 31n
const infinityKey = 0x7f800000n

/** Bit pattern of the float32 with this key (docs/protocol.md section 6). */
export function bitsOfKey(key: bigint): bigint {
  return key < 0n ? signBit - key : key
}

/**
 * The claims just outside a set: one float32 step, or one integer, beyond each
 * end; another bit pattern where only one is honest. Empty where everything is.
 */
export function pushedOutside(
  { kind, low, high }: Interval,
  dtype: number,
  bytes: number,
): bigint[] {
  switch (kind) {
    case 'any':
      return []
    case 'float':
      if (dtype === 10)
        return [halfBelow(low), halfAbove(high), 0x7e00n].flatMap(
          (bits) => bits ?? [],
        )
      return [
        ...(low > -infinityKey ? [bitsOfKey(low - 1n)] : []),
        ...(high < infinityKey ? [bitsOfKey(high + 1n)] : []),
        0x7fc00000n, // NaN is in no set but `any`
      ]
    case 'integer': {
      const size = BigInt(8 * bytes)
      return [low - 1n, high + 1n]
        .map((value) => ({ value, bits: BigInt.asUintN(Number(size), value) }))
        .filter(({ value, bits }) => integerOf(bits, dtype) === value)
        .map(({ bits }) => bits)
    }
    case 'bits': {
      const pattern = BigInt.asUintN(8 * bytes, low)
      const size = 8 * bytes
      return [pattern + 1n, pattern - 1n]
        .map((bits) => BigInt.asUintN(size, bits))
        .filter((bits) => !bothNaN(bits, pattern, dtype))
    }
  }
}

/** The float16 below a float32 key that is one; `undefined` below the least. */
function halfBelow(key: bigint): bigint | undefined {
  const above = halfAbove(-key)
  return above === undefined ? undefined : above ^ 0x8000n
}

function halfAbove(key: bigint): bigint | undefined {
  if (key >= infinityKey) return undefined
  for (let low = -0x7c00n, high = 0x7c00n; ; ) {
    // Patterns below infinity are ordered as their magnitudes are.
    if (low >= high) return low < 0n ? 0x8000n | -low : low
    const middle = (low + high) >> 1n
    const own = halfKey(middle < 0n ? -middle : middle) ?? 0n
    if ((middle < 0n ? -own : own) > key) high = middle
    else low = middle + 1n
  }
}

function bothNaN(a: bigint, b: bigint, dtype: number): boolean {
  const nan = (bits: bigint): boolean =>
    dtype === 1
      ? (bits & 0x7fffffffn) > 0x7f800000n
      : dtype === 10
        ? (bits & 0x7fffn) > 0x7c00n
        : dtype === 11 && (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n
  return nan(a) && nan(b)
}

/** The bytes with one element replaced by a bit pattern. */
export function withElement(
  data: Uint8Array,
  index: number,
  width: number,
  bits: bigint,
): Uint8Array {
  const changed = Uint8Array.from(data)
  for (let k = 0; k < width; k++)
    changed[index * width + k] = Number((bits >> BigInt(8 * k)) & 255n)
  return changed
}
