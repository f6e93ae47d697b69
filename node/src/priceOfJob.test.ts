import { expect, test } from 'vitest'
import { leastPrice } from './priceOfJob.js'

const lyn = 10n ** 18n

test('default: cost of the seconds and the margin, rounded up to milliseconds', () => {
  const config = { minPrice: 0n, pricePerSecond: 2n * lyn, marginPercent: 50 }
  expect(leastPrice(config, { steps: 3 }, 0.5)).toBe((9n * lyn) / 2n)
})

test('behavior: never below the least price', () => {
  const config = { minPrice: 5n * lyn, pricePerSecond: lyn, marginPercent: 0 }
  expect(leastPrice(config, { steps: 1 }, 0.001)).toBe(5n * lyn)
})
