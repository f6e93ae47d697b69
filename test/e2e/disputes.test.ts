import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStep, Devnet } from 'lynode/devnet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Cheat,
  carriedScenario,
  maximumScenario,
  mlpScenario,
  runningSumScenario,
} from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './support/hostileProvider.js'
import { sellOnce } from './support/sellOnce.js'

// RULES A2 to A6 and B6: which move convicts whom.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
// The honest provider asks for more than anybody pays.
const net = new Devnet({ folder, minPrice: '1000000' })
const truthful = {
  serves: 'everything',
  answers: 'what it committed to',
} as const

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
}, 240_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Adds to one element of one result, and lets everything behind it follow. */
function alter(name: string, element: number, by: number, at = 0): Cheat {
  return (step, result, values) => {
    const before = values[element]
    if (step === at && result === name && before !== undefined)
      values[element] = before + by
  }
}

describe('error: the verifier convicts', () => {
  test.each([
    ['an activation', mlpScenario(alter('h', 307, 1)), 0, 'Gemm', 307],
    ['an exact operator', mlpScenario(alter('r', 5, 1)), 0, 'Relu', 5],
    ['an output alone', mlpScenario(alter('y', 4, 0.5)), 0, 'Gemm', 4],
    [
      'the second step of a carried job',
      carriedScenario(alter('m', 4, 1, 1)),
      1,
      'Mul',
      4,
    ],
  ])('by a proof: %s', async (_, scenario, step, operator, element) => {
    const provider = await HostileProvider.enrol(net, truthful)
    const { status, verdict } = await sellOnce(net, provider, scenario)
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      step,
      operator,
      element,
    })
  })

  test.each(['nothing', 'connections that hang'] as const)(
    'by a proof, from bytes demanded on chain: its server serves %s',
    async (serves) => {
      const provider = await HostileProvider.enrol(net, { ...truthful, serves })
      const { status, verdict } = await sellOnce(
        net,
        provider,
        mlpScenario(alter('h', 307, 1)),
      )
      expect(status).toBe('convicted')
      expect(verdict).toMatchObject({ verdict: 'fraud', operator: 'Gemm' })
    },
  )

  // A8: no proof carries the row, so the provider names what its maximum is made
  // of, and one element that is greater convicts.
  test('by a witness: a false maximum', async () => {
    const provider = await HostileProvider.enrol(net, truthful)
    const { status, verdict } = await sellOnce(
      net,
      provider,
      maximumScenario(alter('y', 0, -1 / 16)),
    )
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      operator: 'ReduceMax',
      element: 0,
      claimed: 15 / 16,
      low: 1,
      high: 1,
    })
  })

  // A9: its terms go in over several transactions, then the last one judges.
  test('in parts: the end of a running sum', async () => {
    const provider = await HostileProvider.enrol(net, truthful)
    const { status, verdict } = await sellOnce(
      net,
      provider,
      runningSumScenario(alter('y', 29_999, 64)),
    )
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      operator: 'CumSum',
      element: 29_999,
      parts: 4,
    })
  })

  test.each([
    ['a trace that nobody posts', 'nothing'],
    ['roots with nothing behind them', 'a garbage trace'],
  ] as const)('by silence: %s', async (_, answers) => {
    const provider = await HostileProvider.enrol(net, {
      ...truthful,
      serves: 'nothing',
      answers,
    })
    const { status, verdict } = await sellOnce(
      net,
      provider,
      mlpScenario(alter('h', 0, 1)),
    )
    expect(status).toBe('convicted')
    expect(verdict).toMatchObject({ verdict: 'withheld' })
  })
})

describe('behavior: what is no fraud is paid', () => {
  test('a value inside its bound is tolerated', async () => {
    // Far more than rounding to nearest does, far less than the bound allows.
    const nudged = mlpScenario(alter('y', 4, 2 ** -18))
    const provider = await HostileProvider.enrol(net, truthful)
    const { status, verdict } = await sellOnce(net, provider, nudged)
    expect(status).toBe('settled')
    expect(verdict).toMatchObject({ verdict: 'tolerated' })
  })
})
