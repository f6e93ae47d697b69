import { describe, expect, test } from 'vitest'
import { resultRootOf, statesTrees } from '../job/roots.js'
import { multiproof } from '../tree/multiproof.js'
import { carriedScenario } from '../vectors/scenarios.js'
import { buildOutputAnswer, buildStepAnswer } from './answers.js'
import { buildFraudProof } from './buildFraudProof.js'
import { verifyFraudProof } from './verifyFraudProof.js'

/** Node `Add` that makes the carried state `next` out of `n` and `x`. */
const stateNode = 2

/** Three steps in segments of two: {0, 1} and {2}. */
function proofOf(step: number, node: number, wrong: string | undefined) {
  const scenario = carriedScenario((at, name, values) => {
    if (at === step && name === wrong) values[1]! += 1
  }, 2)
  const built = buildFraudProof({
    manifest: scenario.manifest,
    step,
    node,
    output: 0,
    element: 1,
    commitments: scenario.commitments(step),
    committed: (value) => scenario.committed(step, value),
  })
  // A carried input at a step's begin is the state of the step before.
  return { scenario, built }
}

describe('default: the element proof is the same at any step of a segment (B8)', () => {
  test.each([
    [0, 'the first step'],
    [1, 'the last step of a segment'],
    [2, 'the only step of the last segment'],
  ])('step %i, %s: a wrong state', async (step) => {
    const { scenario, built } = proofOf(step, stateNode, 'next')
    const { proof, judgement } = await built
    expect(judgement.fraud).toBe(true)
    expect(verifyFraudProof(scenario.roots(step), proof).fraud).toBe(true)
  })

  test.each([0, 1, 2])('step %i: an honest state', async (step) => {
    const { scenario, built } = proofOf(step, stateNode, undefined)
    const { proof } = await built
    expect(verifyFraudProof(scenario.roots(step), proof).fraud).toBe(false)
  })

  test.each([0, 1, 2])('step %i: a wrong output only', async (step) => {
    const { scenario, built } = proofOf(step, 3, 'y')
    const { proof } = await built
    expect(verifyFraudProof(scenario.roots(step), proof).fraud).toBe(true)
  })
})

test('behavior: within a segment a state counts only once its steps were posted', async () => {
  const { scenario, built } = proofOf(0, stateNode, 'next')
  const { proof } = await built
  const roots = scenario.roots(0)
  expect(() =>
    verifyFraudProof({ ...roots, statesRoot: `0x${'00'.repeat(32)}` }, proof),
  ).toThrow(expect.objectContaining({ code: 'LY-PRF-004' }))
})

test('behavior: the answer to a step demand ends in the committed state', () => {
  const scenario = carriedScenario(undefined, 2)
  const { result, states } = scenario.commitments(0)
  const answer = buildStepAnswer(result, states!, 0)
  const output = buildOutputAnswer(result, 1)
  expect(answer.carriedRoots).toHaveLength(2)
  expect(answer.carriedRoots.at(-1)).toBe(output.carriedRoot)
  expect(answer.path).toEqual(output.path)
  const trees = statesTrees(states!)
  expect(multiproof(trees.root, [0])).toEqual([expect.any(String)])
})

test('behavior: only the last step of a segment has a state in the result', () => {
  const { result } = carriedScenario(undefined, 2).commitments(0)
  expect(result.steps.map(({ carried }) => carried.length)).toEqual([0, 1, 1])
  expect(resultRootOf(result)).not.toBe(
    resultRootOf(carriedScenario().commitments(0).result),
  )
})
