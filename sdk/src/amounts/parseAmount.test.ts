import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAmount } from './formatAmount.js'
import { parseAmount } from './parseAmount.js'

test.each([
  ['1LYN', 10n ** 18n],
  ['1.5LYN', 15n * 10n ** 17n],
  ['0.000000000000000001 LYN', 1n],
  ['100wei', 100n],
  ['0wei', 0n],
])('default: %s', (text, wei) => {
  expect(parseAmount(text)).toBe(wei)
})

describe('error: ambiguous or malformed', () => {
  test.each([
    '1',
    '1.5',
    '',
    'LYN',
    '-1LYN',
    '1e3LYN',
    '1,5LYN',
    '1_000LYN',
    '1.LYN',
    '.5LYN',
    '0.5wei',
    '1ETH',
    '1lyn',
    '1LYN ',
    '0x10wei',
    '0.0000000000000000001LYN',
    '99999999999LYN',
    `${2n ** 96n}wei`,
  ])('%s', (text) => {
    expect(() => parseAmount(text)).toThrow(
      expect.objectContaining({ code: 'LY-AMT-001' }),
    )
  })
})

test('behavior: what is formatted parses back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }), (wei) => {
      expect(parseAmount(formatAmount(wei))).toBe(wei)
    }),
  )
})
