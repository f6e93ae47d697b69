import { expect, test } from 'vitest'
import { HourlyBudget } from './hourlyBudget.js'

test('default: what was spent counts for an hour', () => {
  let now = 0
  const budget = new HourlyBudget(10, () => now)
  expect(budget.spent).toBe(false)
  budget.spend(6)
  now = 1_800
  budget.spend(4)
  expect(budget.spent).toBe(true)
  now = 3_601
  expect(budget.spent).toBe(false)
})

test('default: no limit', () => {
  const budget = new HourlyBudget(undefined, () => 0)
  budget.spend(1e9)
  expect(budget.spent).toBe(false)
})
