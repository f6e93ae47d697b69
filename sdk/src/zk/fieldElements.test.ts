import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  dequantize,
  fieldOrder,
  fromFieldElement,
  quantize,
  toFieldElement,
} from './fieldElements.js'

const bitsOf = (value: number) =>
  new Uint32Array(Float32Array.of(value).buffer)[0] as number
const floatOf = (bits: number) =>
  new Float32Array(Uint32Array.of(bits).buffer)[0] as number

/** The same by exact fractions: |x| 2^scale + 1/2, rounded down. */
function plain(value: number, scale: number): bigint {
  // A float32 times 2^(149 + 1) is a whole, even number.
  const wide = BigInt(Math.abs(value) * 2 ** 100) * 2n ** 50n
  const unit = 2n ** 150n
  const magnitude = (wide * 2n ** BigInt(scale) + unit / 2n) / unit
  return value < 0 ? -magnitude : magnitude
}

test('default: rounds half away from zero', () => {
  expect(quantize(bitsOf(1.5), 7)).toBe(192n)
  expect(quantize(bitsOf(-0.25), 7)).toBe(-32n)
  expect(quantize(bitsOf(2 ** -8), 7)).toBe(1n)
  expect(quantize(bitsOf(-(2 ** -8)), 7)).toBe(-1n)
  expect(quantize(bitsOf(-0), 7)).toBe(0n)
  expect(quantize(1, 30)).toBe(0n)
})

test('behavior: agrees with exact fractions', () => {
  fc.assert(
    fc.property(
      fc.float({
        noNaN: true,
        noDefaultInfinity: true,
        min: -(2 ** 40),
        max: 2 ** 40,
      }),
      fc.integer({ min: 0, max: 30 }),
      (value, scale) => {
        // Below 2^-100 everything rounds to 0 in both.
        const x = Math.abs(value) < 2 ** -50 ? 0 : value
        expect(quantize(bitsOf(x), scale)).toBe(plain(x, scale))
      },
    ),
  )
})

test('behavior: a result is the nearest float32, ties to even', () => {
  expect(dequantize(0n, 13)).toBe(0)
  expect(dequantize(-32n, 7)).toBe(bitsOf(-0.25))
  expect(dequantize((1n << 24n) + 1n, 0)).toBe(bitsOf(2 ** 24))
  expect(dequantize((1n << 25n) - 1n, 0)).toBe(bitsOf(2 ** 25))
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
      fc.integer({ min: 0, max: 30 }),
      (value, scale) => {
        const nearest = Math.fround(Number(value)) / 2 ** scale
        expect(floatOf(dequantize(value, scale))).toBe(nearest)
      },
    ),
  )
})

test('behavior: field elements at 0, R - 1 and the middle', () => {
  expect(toFieldElement(-1n)).toBe(fieldOrder - 1n)
  expect(fromFieldElement(fieldOrder - 1n)).toBe(-1n)
  expect(fromFieldElement(0n)).toBe(0n)
  const middle = (fieldOrder - 1n) / 2n
  expect(() => fromFieldElement(middle)).toThrow('LY-ZK-008')
  expect(() => fromFieldElement(middle + 1n)).toThrow('LY-ZK-008')
})

test.each([
  ['infinity', 0x7f800000, 0],
  ['NaN', 0x7fc00000, 0],
  ['2^124 after scaling', 0x7e000000, 7],
])('error: %s', (_, bits, scale) => {
  expect(() => quantize(bits, scale)).toThrow('LY-ZK-008')
})
