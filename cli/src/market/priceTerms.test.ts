import { expect, test } from 'vitest'
import { priceTerms } from './priceTerms.js'

const usdc = '0x00000000000000000000000000000000000000aa'
const network = { file: 'devnet.json', tokens: { usdc } } as const
const bare = { file: 'devnet.json', tokens: {} }

test('default: every unit says what is counted and what is paid', () => {
  expect(priceTerms('1LYN', bare)).toEqual({ maxPrice: 10n ** 18n })
  expect(priceTerms('100wei', bare)).toEqual({ maxPrice: 100n })
  expect(priceTerms('$2', bare)).toEqual({
    maxPrice: 2n * 10n ** 18n,
    currency: 'usd',
  })
  expect(priceTerms('1.5usdc', network)).toEqual({
    maxPrice: 1_500_000n,
    payToken: usdc,
  })
})

test.each([
  '2',
  '',
  '$',
  '2$',
  '$2LYN',
  '1.5',
  '1,5LYN',
  '-1LYN',
  '1e3wei',
  '1eth',
  '1.0000001usdc',
  '0.5wei',
])('error: "%s" could mean anything', (text) => {
  expect(() => priceTerms(text, network)).toThrow(
    expect.objectContaining({ code: 'LY-AMT-001' }),
  )
})

test('error: a network without the token', () => {
  expect(() => priceTerms('1usdc', bare)).toThrow(
    expect.objectContaining({ code: 'LY-AMT-002' }),
  )
})
