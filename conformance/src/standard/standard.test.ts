import type { Graph, GraphTensor } from '@lynode/sdk'
import { expect, test } from 'vitest'
import type { CaseResult } from './caseResult.js'
import { freezeInputs } from './freezeInputs.js'
import { isFresh, shortReason, summaryOf } from './summary.js'

const tensor: GraphTensor = { dtype: 7, dims: [1], bytes: new Uint8Array(8) }
const graph: Graph = {
  opset: 13,
  irVersion: 8,
  inputs: ['x', 'shape', 'y'].map((name) => ({ name, dtype: 7, dims: [1] })),
  outputs: ['z'],
  weights: new Map(),
  nodes: [
    {
      name: 'n',
      operator: 'Reshape',
      domain: '',
      inputs: ['x', 'shape'],
      outputs: ['z'],
      attributes: new Map(),
    },
  ],
  declared: new Map(),
  metadata: new Map(),
}

test('behavior: parameters become constants, data never does', () => {
  const given = new Map(['x', 'shape', 'y'].map((name) => [name, tensor]))
  const found = freezeInputs(graph, given)
  expect(found?.frozen).toEqual(['shape'])
  expect(found?.graph.inputs.map(({ name }) => name)).toEqual(['x', 'y'])
  expect(found?.graph.weights.get('shape')).toBe(tensor)
  expect(freezeInputs({ ...graph, nodes: [] }, given)).toBeUndefined()
})

const result: CaseResult = {
  case: 'node/test_exp',
  outcome: 'passed',
  operators: ['Exp'],
  frozen: [],
  elements: 3,
  judged: 3,
  anything: 0,
  convicted: 9,
  convictedOnChain: 3,
  configurations: 1,
  differing: 0,
  use: { Exp: { use: 0.25, at: 'y[0]' } },
  graphics: {},
}

test('behavior: a summary is stale when an outcome changes, not when a measurement does', () => {
  const committed = summaryOf([result], 'one CPU')
  const measured = { ...result, use: { Exp: { use: 0.3, at: 'y[2]' } } }
  expect(isFresh(committed, summaryOf([measured], 'another'))).toBe(true)
  const failed: CaseResult = { ...result, outcome: 'failed', reason: 'no' }
  expect(isFresh(committed, summaryOf([failed], 'one CPU'))).toBe(false)
})

test('behavior: reasons of one kind are counted together', () => {
  expect(shortReason('Mod ("a"): no checker (LY-MDL-003)')).toBe(
    shortReason('Mod ("b"): no checker (LY-MDL-003)'),
  )
})
