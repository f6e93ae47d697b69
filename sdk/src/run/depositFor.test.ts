import { expect, test } from 'vitest'
import { depositFor } from './depositFor.js'

const text = (wei: bigint) => `${wei} wei`

test.each([
  ['what is committed covers it', 15n, 15n, 0n, 0n],
  ['ten orders of it', 15n, 14n, 1_000n, 150n],
  ['all there is, for less than ten', 15n, 0n, 149n, 149n],
  ['all there is, for this one', 15n, 0n, 15n, 15n],
  ['what is missing to the committed', 15n, 14n, 1n, 1n],
])('default: %s', (_, amount, committed, held, deposit) => {
  expect(depositFor({ amount, committed, held, text })).toBe(deposit)
})

test('error: too little says how much there is', () => {
  expect(() =>
    depositFor({ amount: 15n, committed: 10n, held: 4n, text }),
  ).toThrow(
    expect.objectContaining({
      code: 'LY-LED-008',
      message: expect.stringContaining(
        'the order may take 15 wei; the account has committed 10 wei and holds 4 wei',
      ),
    }),
  )
})
