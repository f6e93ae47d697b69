import { arithmetics } from '@lynode/sdk'
import { describe, expect, test } from 'vitest'
import { references } from './references.js'
import { chunkCount, Sweeper } from './sweepChunk.js'
import { twinJudge } from './twinJudge.js'
import { numberOfKey, twinOf } from './twinOf.js'

// A strided smoke of `npm run test:exhaustive`, and a check that the allowances
// that it takes are those of the twins.

const stride = 2 ** 17 + 1

test.each(references.map((reference) => [reference.name, reference] as const))(
  'behavior: %s stays in the inner half of its allowance',
  async (_, reference) => {
    const sweeper = await Sweeper.open(reference, 'cpu')
    try {
      for (let chunk = 0; chunk < chunkCount; chunk += 3) {
        const { share, wrong } = await sweeper.sweep(chunk, stride)
        expect(wrong).toBe(0)
        expect(share).toBeLessThan(0.5)
      }
    } finally {
      await sweeper.close()
    }
  },
)

describe('behavior: the allowance is what the twin has', () => {
  const bounded = references.filter(({ allowance }) => allowance(-1, 1) > 0)
  test.each(bounded.map((reference) => [reference.name, reference] as const))(
    '%s',
    (_, reference) => {
      const accepted = twinOf(reference, arithmetics.plain)
      for (const x of [-2.5, -0.5, 0.0131, 0.75, 1.25, 4.75]) {
        const { kind, low, high } = accepted(x)
        const at = Math.fround(x)
        const wanted = reference.value(at)
        if (Number.isNaN(wanted)) continue
        expect(kind).toBe('float')
        const room = reference.allowance(at, wanted)
        const step = Math.abs(wanted) * 2 ** -23
        // The interval's ends are floats: up to a step inside.
        for (const [end, sign] of [
          [low, -1],
          [high, 1],
        ] as const) {
          const reached = sign * (numberOfKey(end) - wanted)
          expect(reached).toBeLessThanOrEqual(room * 1.0001)
          expect(reached).toBeGreaterThanOrEqual(room - 1.01 * step)
        }
      }
    },
  )
})

test('behavior: the twin judges as the formula does, and finds what is outside', () => {
  const exp = references.find(({ name }) => name === 'Exp')
  if (exp === undefined) throw new Error('no Exp')
  const judge = twinJudge(exp, arithmetics.plain)
  for (const x of [-3.25, 0.75, 20]) {
    const right = Math.exp(x)
    const room = exp.allowance(x, right)
    const share = judge(x, Math.fround(right + room / 2))
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(0.8)
    expect(judge(x, Math.fround(right + 2 * room))).toBeGreaterThan(1)
    expect(judge(x, Number.NaN)).toBe(Number.POSITIVE_INFINITY)
  }
  expect(judge(Number.NaN, 1)).toBeUndefined()
  const relu = references.find(({ name }) => name === 'Relu')
  if (relu === undefined) throw new Error('no Relu')
  const exact = twinJudge(relu, arithmetics.plain)
  expect([exact(2, 2), exact(2, 2.5)]).toEqual([0, 'wrong'])
})
