import { expect, test } from 'vitest'
import { poolYield } from './poolYield.js'

const day = 86_400
const paid = (time: number, toMembers: bigint, nonce = 1) => ({
  nonce,
  toMembers,
  time,
})

test('default: a year of what the period paid', () => {
  const distributions = [paid(0, 5n), paid(60 * day, 10n), paid(70 * day, 20n)]
  expect(
    poolYield({ distributions, assets: 3_650n, nonce: 1, now: 80 * day }),
  ).toEqual({ earned: 30n, seconds: 30 * day, annualBps: 1_000 })
})

test('behavior: a young pool counts from its first distribution', () => {
  expect(
    poolYield({
      distributions: [paid(0, 1n), paid(9, 1n, 2)],
      assets: 365n,
      nonce: 1,
      now: day,
    }),
  ).toEqual({ earned: 1n, seconds: day, annualBps: 10_000 })
})

test('behavior: nothing is known without assets or time', () => {
  const distributions = [paid(day, 1n)]
  expect(
    poolYield({ distributions, assets: 0n, nonce: 1, now: 2 * day }).annualBps,
  ).toBeUndefined()
  expect(
    poolYield({ distributions, assets: 1n, nonce: 1, now: day }).annualBps,
  ).toBeUndefined()
})
