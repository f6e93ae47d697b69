import { describe, expect, test } from 'vitest'
import {
  type Assumptions,
  assumptions,
  type EconomyParameters,
  parametersOf,
} from './economy.js'
import { judgeEconomy } from './judgeEconomy.js'
import { playJobs } from './playJobs.js'

const main = parametersOf('main')

/** Names of what does not hold. */
function failures(
  changed: Partial<EconomyParameters> = {},
  assumed: Partial<Assumptions> = {},
  seed = 1,
  jobs = 20_000,
): string[] {
  const parameters = { ...main, ...changed }
  const played = playJobs(
    parameters,
    { ...assumptions, ...assumed },
    jobs,
    seed,
  )
  return judgeEconomy(played, parameters)
    .filter(({ met }) => !met)
    .map(({ name }) => name)
}

describe('default: every cheat is behind', () => {
  test.each(Array.from({ length: 25 }, (_, i) => i * 7919))(
    'with seed %i',
    (seed) => {
      expect(failures({}, {}, seed)).toEqual([])
    },
  )

  test.each(['main', 'testnet', 'local'] as const)('profile %s', (profile) => {
    expect(failures(parametersOf(profile), {}, 3)).toEqual([])
  })

  test('a seed decides everything', () => {
    const play = (seed: number) => playJobs(main, assumptions, 2_000, seed)
    expect(play(5)).toEqual(play(5))
    expect(play(5)).not.toEqual(play(6))
  })
})

describe('error: bad parameters are found', () => {
  test.each([
    ['hardly anybody is drawn', { seats: 0.05 }, 'lazy provider'],
    ['a conviction is worth nothing', { detection: 20 }, 'lazy provider'],
    ['a made-up trace costs nothing', { faultSlash: 0 }, 'copying verifier'],
    ['more is claimed than found', { detection: 0.999 }, 'sampled frauds'],
    ['seats pay more than fees bring', { pay: 1.5 }, 'the pool pays'],
  ] as const)('%s', (_, changed, name) => {
    expect(failures(changed).join()).toContain(name)
  })

  test('staying away is cheaper than the work', () => {
    // Fees are the least, and the jobs are large.
    expect(failures({ absentSlash: 0 }, { margin: -1 }).join()).toContain(
      'sleeping verifier',
    )
  })

  test('whoever is drawn can be bought for nothing', () => {
    const found = failures({ bounty: 0 }, { corruptible: 0.8 })
    expect(found.join()).toContain('bribing provider')
  })
})
