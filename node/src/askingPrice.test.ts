import { expect, test } from 'vitest'
import { askingPrice } from './askingPrice.js'

const lyn = 10n ** 18n
const pricing = {
  minPrice: 0n,
  maxPrice: undefined,
  pricePerSecond: 2n * lyn,
  marginPercent: 50,
}

test('default: cost of the seconds and the margin, rounded up to milliseconds', () => {
  expect(askingPrice(pricing, 1.5)).toBe((9n * lyn) / 2n)
  expect(askingPrice(pricing, 0.0001)).toBe((3n * lyn) / 1_000n)
})

test('behavior: never below the floor', () => {
  expect(askingPrice({ ...pricing, minPrice: 5n * lyn }, 0.001)).toBe(5n * lyn)
})

test('behavior: the margin ends at the ceiling', () => {
  expect(askingPrice({ ...pricing, maxPrice: 4n * lyn }, 1.5)).toBe(4n * lyn)
})

test('behavior: no price when the cost is above the ceiling', () => {
  expect(askingPrice({ ...pricing, maxPrice: 4n * lyn }, 2.001)).toBeUndefined()
})
