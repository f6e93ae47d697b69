import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPrice } from './formatPrice.js'
import { parseAmount } from './parseAmount.js'
import { parsePrice } from './parsePrice.js'

test.each([
  ['1LYN', { unit: 'LYN', value: 10n ** 18n }],
  ['100wei', { unit: 'LYN', value: 100n }],
  ['1.5usdc', { unit: 'USDC', value: 1_500_000n }],
  ['0.000001 usdc', { unit: 'USDC', value: 1n }],
  ['$2', { unit: 'USD', value: 2n * 10n ** 18n }],
  ['$0.05', { unit: 'USD', value: 5n * 10n ** 16n }],
])('default: %s', (text, price) => {
  expect(parsePrice(text)).toEqual(price)
})

const refused = expect.objectContaining({ code: 'LY-AMT-001' })

describe('error: ambiguous or malformed', () => {
  test.each([
    '2',
    '2$',
    '2 $',
    '$ 2',
    '$',
    '$$2',
    '$-2',
    '$2usdc',
    '$2LYN',
    '$1,000',
    '$1e3',
    '$.5',
    'usdc',
    '1.usdc',
    '1.5USDC',
    '1.5Usdc',
    '1.5usd',
    '1.5 USD',
    '0.0000001usdc',
    '$0.0000000000000000001',
    '1  usdc',
    '1usdc ',
    ' $1',
    '1.5usdt',
  ])('%s', (text) => {
    expect(() => parsePrice(text)).toThrow(refused)
  })
})

const price = fc.record({
  unit: fc.constantFrom('LYN' as const, 'USDC' as const, 'USD' as const),
  value: fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }),
})

test('behavior: what is formatted parses back, and to nothing else', () => {
  fc.assert(
    fc.property(price, (one) => {
      expect(parsePrice(formatPrice(one))).toEqual(one)
      // LYN is never taken for something else, nor anything else for LYN.
      if (one.unit !== 'LYN')
        expect(() => parseAmount(formatPrice(one))).toThrow(refused)
    }),
  )
})

test('behavior: a number without a unit is refused, whatever it is', () => {
  const number = fc
    .tuple(fc.nat(), fc.option(fc.nat()))
    .map(([whole, part]) => (part === null ? `${whole}` : `${whole}.${part}`))
  fc.assert(
    fc.property(number, (text) => {
      expect(() => parsePrice(text)).toThrow(refused)
      expect(() => parseAmount(text)).toThrow(refused)
    }),
  )
})

test('behavior: any text is a price in one unit, or refused', () => {
  const alphabet = fc.constantFrom(...'0123456789.,$ -+eLYNweiusdc')
  const text = fc.string({ unit: alphabet, maxLength: 12 })
  fc.assert(
    fc.property(text, (one) => {
      const parsed = attempt(() => parsePrice(one))
      if (parsed === undefined) return
      expect(one).toMatch(/^(\d+(\.\d+)? ?(LYN|wei|usdc)|\$\d+(\.\d+)?)$/)
      expect(parsePrice(formatPrice(parsed))).toEqual(parsed)
    }),
    { numRuns: 2_000 },
  )
})

/** What it returns, or nothing if it throws the error of amounts. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    expect(error).toEqual(refused)
    return undefined
  }
}
