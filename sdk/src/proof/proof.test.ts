import { describe, expect, test } from 'vitest'
import type { ProfileName } from '../operators/sumRules.js'
import type { FraudProof } from '../types/fraudProof.js'
import type { Hex } from '../types/manifest.js'
import {
  type Cheat,
  carriedScenario,
  derivedScenario,
  gatherScenario,
  mlpScenario,
  type Scenario,
  sumScenario,
  sumTerms,
} from '../vectors/scenarios.js'
import { buildChunkAnswer, buildOutputAnswer } from './answers.js'
import { type BuiltFraudProof, buildFraudProof } from './buildFraudProof.js'
import { isHonest } from './isHonest.js'
import { verifyFraudProof } from './verifyFraudProof.js'

function prove(
  scenario: Scenario,
  step: number,
  node: number,
  element: number,
): Promise<BuiltFraudProof> {
  return buildFraudProof({
    manifest: scenario.manifest,
    step,
    node,
    output: 0,
    element,
    commitments: scenario.commitments(step),
    committed: (value) => scenario.committed(step, value),
  })
}

/** Adds 1 to one element of one result of one step. */
function nudge(step: number, name: string, element: number): Cheat {
  return (at, result, values) => {
    if (at === step && result === name) values[element]! += 1
  }
}

describe('default: every element of an honest execution is honest', () => {
  test.each([
    ['mlp', mlpScenario()],
    ['carried', carriedScenario()],
    ['derived', derivedScenario()],
    ['sum', sumScenario()],
    ['sum of blocks', sumScenario(undefined, 'f32-blocked')],
    ['gathered', gatherScenario()],
  ])('%s', async (_, scenario) => {
    const { nodes, values } = scenario.manifest
    for (let step = 0; step < scenario.steps; step++)
      for (const [index, node] of nodes.entries()) {
        const value = values[node.outputs[0]!]!
        if (value.kind === 'derived') continue
        const count = Math.min(
          6,
          value.type.dims.reduce((a, b) => a * b, 1),
        )
        for (let element = 0; element < count; element++) {
          const { proof, judgement } = await prove(
            scenario,
            step,
            index,
            element,
          )
          expect(judgement.fraud).toBe(false)
          expect(verifyFraudProof(scenario.roots(step), proof)).toEqual(
            judgement,
          )
        }
      }
  })
})

describe('behavior: a wrong element is found, in the step and node where it is wrong', () => {
  test.each([
    ['an activation', mlpScenario(nudge(0, 'h', 307)), 0, 0, 307],
    ['an exact operator', mlpScenario(nudge(0, 'r', 0)), 0, 1, 0],
    ['an output', mlpScenario(nudge(0, 'y', 4)), 0, 2, 4],
    [
      'the second step of a carried job',
      carriedScenario(nudge(1, 'm', 4)),
      1,
      0,
      4,
    ],
    ['a carried output', carriedScenario(nudge(1, 'next', 2)), 1, 2, 2],
    ['a plain output beside it', carriedScenario(nudge(2, 'y', 5)), 2, 3, 5],
    ['behind derived values', derivedScenario(nudge(0, 'y', 1)), 0, 2, 1],
    ['behind a derived sum', sumScenario(nudge(0, 'y', 5)), 0, 2, 5],
    ['an index', gatherScenario(nudge(0, 'y_clipped1', 0)), 0, 1, 0],
    ['behind an index', gatherScenario(nudge(0, 'y', 450)), 0, 2, 450],
  ])('%s', async (_, scenario, step, node, element) => {
    const { proof, judgement } = await prove(scenario, step, node, element)
    expect(judgement.fraud).toBe(true)
    expect(verifyFraudProof(scenario.roots(step), proof)).toEqual(judgement)
    // What follows from the wrong value is honest: drift never convicts.
    const { nodes } = scenario.manifest
    for (let later = node + 1; later < nodes.length; later++) {
      const { judgement } = await prove(scenario, step, later, 0)
      expect(judgement.fraud).toBe(false)
    }
  })
})

describe('error: a proof that is not right convicts nobody', () => {
  const wrong = carriedScenario(nudge(1, 'm', 4))

  test('bytes that are not the committed ones', async () => {
    const parameters = {
      manifest: wrong.manifest,
      step: 1,
      node: 0,
      output: 0,
      element: 4,
      commitments: wrong.commitments(1),
    }
    await expect(
      buildFraudProof({
        ...parameters,
        committed: (value) => {
          const bytes = wrong.committed(1, value).slice()
          bytes[0]! ^= 1
          return bytes
        },
      }),
    ).rejects.toThrow(expect.objectContaining({ code: 'LY-PRF-004' }))
    await expect(
      buildFraudProof({
        ...parameters,
        element: 6,
        committed: (value) => wrong.committed(1, value),
      }),
    ).rejects.toThrow(expect.objectContaining({ code: 'LY-PRF-002' }))
  })

  test('a byte flipped at every position', async () => {
    const { proof } = await prove(wrong, 1, 0, 4)
    const roots = wrong.roots(1)
    let flips = 0
    for (const flipped of flipsOf(proof)) {
      flips++
      expect(() => verifyFraudProof(roots, flipped)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LY-PRF-/) }),
      )
    }
    expect(flips).toBeGreaterThan(500)
  })

  test('another step, node or execution', async () => {
    const { proof } = await prove(wrong, 1, 0, 4)
    const roots = wrong.roots(1)
    const honest = carriedScenario().roots(1)
    const fails = (changed: Partial<FraudProof>, against = roots) =>
      expect(() => verifyFraudProof(against, { ...proof, ...changed })).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^LY-PRF-/) }),
      )
    fails({ step: 3 })
    fails({ step: 0 })
    fails({ step: 2 })
    fails({ node: 1 })
    fails({ output: 1 })
    fails({ element: 6 })
    fails({}, honest)
    fails({}, { ...roots, traceRoot: `0x${'00'.repeat(32)}` })
    fails({}, { ...roots, modelId: `0x${'00'.repeat(32)}` })
    fails({ openings: proof.openings.slice(1) })
    fails({ openings: [...proof.openings].reverse() })
    fails({ entries: proof.entries.slice(1) })
  })
})

test('behavior: answers open what a demand names', () => {
  const scenario = carriedScenario()
  const { manifest } = scenario
  const commitments = scenario.commitments(1)
  const value = manifest.values.findIndex((entry) => entry.name === 'n')
  const answer = buildChunkAnswer({
    manifest,
    step: 1,
    value,
    chunk: 0,
    count: 1,
    commitments,
    bytes: scenario.committed(1, value),
  })
  expect(answer.opening.chunks).toEqual([0])
  expect(answer.opening.path).toEqual([])
  expect(answer.traceProof).toHaveLength(1)
  expect(buildOutputAnswer(commitments.result, 1).path).toHaveLength(2)
})

test('behavior: sets of honest values (C1, C2)', () => {
  const float = { kind: 'float', low: -1n, high: 1n } as const
  expect(isHonest(float, 0x80000001n, 1)).toBe(true)
  expect(isHonest(float, 0x80000000n, 1)).toBe(true)
  expect(isHonest(float, 2n, 1)).toBe(false)
  expect(isHonest(float, 0x7fc00000n, 1)).toBe(false)
  const any = { kind: 'any', low: 0n, high: 0n } as const
  expect(isHonest(any, 0x7fc00000n, 1)).toBe(true)
  const nan = { kind: 'bits', low: 0x7fc00000n, high: 0x7fc00000n } as const
  expect(isHonest(nan, 0xffc00001n, 1)).toBe(true)
  expect(isHonest(nan, 0n, 1)).toBe(false)
  const integer = { kind: 'integer', low: -5n, high: -5n } as const
  expect(isHonest(integer, 0xfbn, 3)).toBe(true)
  expect(isHonest(integer, 0xfffffffbn, 6)).toBe(true)
  expect(() => isHonest(float, 0n, 7)).toThrow(RangeError)
  expect(() => isHonest({ ...float, low: 2n }, 0n, 1)).toThrow(RangeError)
})

/** The proof with one bit of one byte of its hex strings changed, for each byte. */
function* flipsOf(proof: FraudProof): Generator<FraudProof> {
  const flip = (hex: Hex, at: number): Hex => {
    const digits = hex.slice(2)
    const digit = (Number.parseInt(digits[at]!, 16) ^ 1).toString(16)
    return `0x${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`
  }
  const json = JSON.stringify(proof, (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  for (const match of json.matchAll(/"0x([0-9a-f]*)"/g))
    for (let at = 0; at < match[1]!.length; at += 2) {
      const text = match[0].slice(1, -1) as Hex
      const changed =
        json.slice(0, match.index + 1) +
        flip(text, at) +
        json.slice(match.index + 1 + text.length)
      yield JSON.parse(changed, (_, value) =>
        typeof value === 'string' && /^\d+n$/.test(value)
          ? BigInt(value.slice(0, -1))
          : value,
      ) as FraudProof
    }
}

describe('behavior: a sum that is derived', () => {
  /** Sums whose terms are all 1.25 times what the sum with r = 1,024 resolves. */
  const small = 1.25 * 2 ** -14
  const overlay: Cheat = (_step, name, values) => {
    if (name === 's') values.fill(started)
  }
  /** What a machine gives that starts its accumulator with r, a rounding each. */
  const started = Array.from({ length: sumTerms }).reduce<number>(
    (sum) => Math.fround(sum + small),
    1024,
  )
  const operands = (profile: ProfileName) =>
    sumScenario(overlay, profile, { x: small, w: 1, b: 0, r: 1024 })

  test('may be added to what follows before it is rounded, in any order', async () => {
    // Far outside what rounding the sum first, and then adding, could give.
    expect(started - (1024 + sumTerms * small)).toBeGreaterThan(0.01)
    for (const profile of ['f32-plain', 'f32-wgsl'] as const) {
      const { judgement } = await prove(operands(profile), 0, 2, 5)
      expect(judgement.fraud).toBe(false)
    }
  })

  test('but not one after the other where the profile mandates blocks', async () => {
    const { judgement } = await prove(operands('f32-blocked'), 0, 2, 5)
    expect(judgement.fraud).toBe(true)
  })
})
