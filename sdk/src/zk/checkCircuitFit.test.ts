import { expect, test } from 'vitest'
import type { Manifest } from '../types/manifest.js'
import { dtypes } from '../types/tensorType.js'
import { checkCircuitFit, maxZkParameters } from './checkCircuitFit.js'

/** A manifest as far as it is looked at. */
function manifest(
  operators: readonly string[],
  parameters: number,
  carried = 0,
): Manifest {
  const type = { dtype: dtypes.float32, dims: [parameters], perm: [0] }
  return {
    header: { carried },
    nodes: operators.map((operator) => ({ operator })),
    values: [{ kind: 'weight', type }],
  } as unknown as Manifest
}

test('default: linear layers and strided convolutions fit', () => {
  expect(() =>
    checkCircuitFit(manifest(['Gemm', 'Conv', 'Relu'], maxZkParameters)),
  ).not.toThrow()
})

test.each([
  ['a pool', manifest(['Conv', 'MaxPool'], 10), 'MaxPool'],
  [
    'one more parameter',
    manifest([], maxZkParameters + 1),
    '100001 parameters',
  ],
  ['a million', manifest([], 1e6), '1000000 parameters'],
  ['a carry', manifest([], 10, 1), 'carried values'],
])('error: %s', (_, refused, reason) => {
  expect(() => checkCircuitFit(refused)).toThrow(reason)
  expect(() => checkCircuitFit(refused)).toThrow('LY-ZK-011')
})

test('error: all reasons at once', () => {
  expect(() => checkCircuitFit(manifest(['Softmax', 'TopK'], 1e6))).toThrow(
    /Softmax, TopK.*1000000 parameters/,
  )
})
