import { describe, expect, it } from 'vitest'
import { checkModel } from '../model/checkModel.js'
import { proofWay } from '../model/proofSize.js'
import { buildModel } from '../onnx/buildModel.js'
import {
  type Cheat,
  maximumScenario,
  type Scenario,
} from '../vectors/scenarios.js'
import { buildFraudProof } from './buildFraudProof.js'
import { buildWitnessProof } from './buildWitnessProof.js'
import { judgedManifest } from './judgedManifest.js'
import { verifyWitnessProof } from './verifyFraudProof.js'
import { nameWitness } from './witness.js'

/** Claims an element of the row that is not its greatest. */
const lower: Cheat = (_, name, values) => {
  if (name === 'y') values[0] = 15 / 16
}

const truth = maximumScenario()
const lie = maximumScenario(lower)

async function proofOf(scenario: Scenario, named?: number[]) {
  const { manifest } = scenario
  const node = manifest.nodes.findIndex(
    ({ operator }) => operator === 'ReduceMax',
  )
  const place = { manifest, step: 0, node, output: 0, element: 0 }
  const committed = (value: number) => scenario.committed(0, value)
  const positions =
    named ??
    nameWitness({
      ...place,
      manifest: judgedManifest(manifest),
      read: (value, offset, length) =>
        committed(value).subarray(offset, offset + length),
    })
  const parameters = {
    ...place,
    commitments: scenario.commitments(0),
    committed,
    positions,
  }
  return {
    parameters,
    roots: scenario.roots(0),
    built: await buildWitnessProof(parameters),
  }
}

describe('proofs by witness', () => {
  it('a false maximum of 30,000 elements is shown by two of them', async () => {
    const { built, roots, parameters } = await proofOf(lie)
    expect(built.judgement.fraud).toBe(true)
    const chunks = built.proof.openings.flatMap((opening) => opening.chunks)
    expect(chunks.length).toBeLessThanOrEqual(3)
    expect(verifyWitnessProof(roots, built.claim, built.proof)).toEqual(
      built.judgement,
    )
    // The whole row is more than a transaction carries (A9).
    const { proof } = await buildFraudProof(parameters)
    const opened = proof.openings.reduce((sum, o) => sum + o.data.length / 2, 0)
    expect(opened).toBeGreaterThan(100_000)
    const place = {
      ...parameters,
      manifest: judgedManifest(parameters.manifest),
    }
    expect(proofWay(place)).toBe('witness')
  })

  it('the truth is acquitted, and lies about it are not', async () => {
    let turned = false
    const timer = setTimeout(() => {
      turned = true
    })
    const { built } = await proofOf(truth)
    expect(built.judgement.fraud).toBe(false)
    // Going over the row held nothing else up.
    expect(turned).toBe(true)
    clearTimeout(timer)
    for (const positions of [[], [0, 1], [30_000]]) {
      const { built, roots } = await proofOf(truth, positions)
      expect(built.judgement.fraud).toBe(true)
      expect(verifyWitnessProof(roots, built.claim, built.proof).fraud).toBe(
        true,
      )
    }
  })

  it('a witness of another value is refused', async () => {
    const { built, roots } = await proofOf(lie)
    const claim = { ...built.claim, value: 0 }
    expect(() => verifyWitnessProof(roots, claim, built.proof)).toThrow(
      /LY-PRF-002/,
    )
  })

  it('rows that no proof carries are admitted, and their proof is small', () => {
    const model = buildModel({
      inputs: { x: [1, 200_000] },
      outputs: ['y', 'at'],
      nodes: [
        ['ReduceMax', ['x'], ['y'], { axes: { type: 'ints', value: [1n] } }],
        ['ArgMax', ['x'], ['at'], { axis: { type: 'int', value: 1n } }],
      ],
    })
    const report = checkModel(model)
    expect(report.class).toBe('exact')
    for (const { covered, proof } of report.operators) {
      expect(covered).toBe(true)
      expect(proof?.bytes ?? 0).toBeLessThan(4_000)
      expect(proof?.gas).toBeLessThan(2_000_000)
    }
  })
})
