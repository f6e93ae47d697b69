import type { TensorType } from '@lynode/sdk'
import { describe, expect, test } from 'vitest'
import { rankElements } from './rankElements.js'

const type = (dtype: TensorType['dtype'], count: number): TensorType => ({
  dtype,
  dims: [count],
  perm: [0],
})

function floats(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer)
}

test('default: largest absolute and largest relative difference in turn', () => {
  const honest = floats(1000, 1e-6, 5, 7)
  const claimed = floats(1001, 2e-6, 5, 7.001)
  expect(rankElements(type(1, 4), claimed, honest)).toEqual([0, 1, 3])
})

test('behavior: what does not differ in a bit is left out', () => {
  const honest = floats(0, Number.NaN, 3)
  expect(rankElements(type(1, 3), floats(-0, Number.NaN, 3), honest)).toEqual([
    0,
  ])
})

test('behavior: a NaN against a number comes first', () => {
  const honest = floats(1, 1, 1)
  const claimed = floats(1e30, Number.NaN, 1)
  expect(rankElements(type(1, 3), claimed, honest)[0]).toBe(1)
})

test('behavior: never more than both rankings hold', () => {
  const honest = new Uint8Array(4 * 10_000)
  const claimed = new Uint8Array(
    Float32Array.from({ length: 10_000 }, (_, i) => i + 1).buffer,
  )
  expect(
    rankElements(type(1, 10_000), claimed, honest).length,
  ).toBeLessThanOrEqual(64)
})

describe.each([
  [2, 1],
  [3, 1],
  [6, 4],
  [7, 8],
  [9, 1],
  [10, 2],
  [11, 8],
] as const)('dtype %i', (dtype, size) => {
  test('behavior: finds the one that differs', () => {
    const honest = new Uint8Array(5 * size)
    const claimed = honest.slice()
    claimed[3 * size] = 1
    expect(rankElements(type(dtype, 5), claimed, honest)).toEqual([3])
  })
})
