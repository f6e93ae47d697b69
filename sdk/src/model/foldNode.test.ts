import { expect, test } from 'vitest'
import type { GraphTensor } from '../onnx/graph.js'
import { dtypes } from '../types/tensorType.js'
import { foldNode } from './foldNode.js'

const longs = (...values: number[]): GraphTensor => ({
  dtype: dtypes.int64,
  dims: [values.length],
  bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
})
const bools = (...values: number[]): GraphTensor => ({
  dtype: dtypes.bool,
  dims: [values.length],
  bytes: Uint8Array.from(values),
})

function fold(
  operator: string,
  inputs: GraphTensor[],
  fmod?: bigint,
): number[] | undefined {
  const result = foldNode(
    {
      name: '',
      operator,
      domain: '',
      inputs: inputs.map((_, i) => `x${i}`),
      outputs: ['y'],
      attributes: new Map(
        fmod === undefined
          ? []
          : [['fmod', { type: 'int' as const, value: fmod }]],
      ),
    },
    17,
    inputs,
    inputs,
  )
  if (result === undefined) return undefined
  return result.dtype === dtypes.bool
    ? [...result.bytes]
    : [...new BigInt64Array(Uint8Array.from(result.bytes).buffer)].map(Number)
}

test('behavior: Mod of shapes follows the divisor, with fmod the dividend', () => {
  const [a, b] = [longs(7, -7, 7, -7, 6), longs(3, 3, -3, -3, 3)]
  expect(fold('Mod', [a, b])).toEqual([1, 2, -2, -1, 0])
  expect(fold('Mod', [a, b], 1n)).toEqual([1, -1, 1, -1, 0])
  expect(fold('Mod', [longs(1), longs(0)])).toBeUndefined()
})

test('behavior: conditions of shapes are folded', () => {
  const [a, b] = [bools(0, 0, 1, 1), bools(0, 1, 0, 1)]
  expect(fold('And', [a, b])).toEqual([0, 0, 0, 1])
  expect(fold('Or', [a, b])).toEqual([0, 1, 1, 1])
  expect(fold('Not', [b])).toEqual([1, 0, 1, 0])
})
