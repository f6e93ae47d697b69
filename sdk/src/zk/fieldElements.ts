import { LynodeError } from '../errors/lynodeError.js'

/**
 * Order of BN254's scalar field, in which ezkl's circuits compute.
 *
 * @example
 * fieldOrder.toString(16).length // 64
 */
export const fieldOrder =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n

const limit = 1n << 127n

/**
 * The whole number that a circuit has for a float32:
 * `sign(x) floor(|x| 2^scale + 1/2)`. Twin of `FieldElements.quantize`.
 *
 * @param bits - Bit pattern of the float32.
 * @param scale - Binary digits behind the point, 0 to 30.
 * @throws LynodeError `LY-ZK-008` for NaN, infinities and 2^124 and more.
 * @example
 * quantize(0x3fc00000, 4) // 24n: 1.5 with four binary digits
 */
export function quantize(bits: number, scale: number): bigint {
  const field = (bits >>> 23) & 0xff
  const mantissa = BigInt((bits & 0x7fffff) | (field === 0 ? 0 : 0x800000))
  const place = (field === 0 ? 1 : field) + scale
  if (field === 255 || place > 250)
    throw new LynodeError('LY-ZK-008', {
      details: `0x${(bits >>> 0).toString(16)} at scale ${scale}`,
    })
  const magnitude =
    place >= 150
      ? mantissa << BigInt(place - 150)
      : (mantissa + (1n << BigInt(149 - place))) >> BigInt(150 - place)
  return bits >>> 31 === 0 ? magnitude : -magnitude
}

/**
 * Bits of the float32 nearest to `value 2^-scale`, ties to even, zero as +0.
 * Twin of `FieldElements.dequantize`.
 *
 * @throws LynodeError `LY-ZK-008` beyond 127 bits.
 * @example
 * dequantize(24n, 4) // bits of 1.5
 */
export function dequantize(value: bigint, scale: number): number {
  checkWidth(value)
  if (value === 0n) return 0
  const magnitude = value < 0n ? -value : value
  const top = magnitude.toString(2).length - 1
  let mantissa: bigint
  if (top <= 23) mantissa = magnitude << BigInt(23 - top)
  else {
    const drop = BigInt(top - 23)
    const odd = (magnitude >> drop) & 1n
    mantissa = (magnitude + (1n << (drop - 1n)) - 1n + odd) >> drop
  }
  const sign = value < 0n ? 0x80000000n : 0n
  return Number(sign + (BigInt(top + 126 - scale) << 23n) + mantissa)
}

/**
 * The field element of a whole number: a negative one is `R + value`.
 *
 * @example
 * toFieldElement(-1n) === fieldOrder - 1n // true
 */
export function toFieldElement(value: bigint): bigint {
  checkWidth(value)
  return value < 0n ? fieldOrder + value : value
}

/**
 * The whole number of a field element; elements above R / 2 are negative.
 *
 * @throws LynodeError `LY-ZK-008` for what is no number of a circuit.
 * @example
 * fromFieldElement(fieldOrder - 1n) // -1n
 */
export function fromFieldElement(element: bigint): bigint {
  const value = element > fieldOrder / 2n ? element - fieldOrder : element
  checkWidth(value)
  return value
}

function checkWidth(value: bigint): void {
  if (value <= -limit || value >= limit)
    throw new LynodeError('LY-ZK-008', { details: `${value}` })
}
