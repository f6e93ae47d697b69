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
  if (result.dtype === dtypes.float32)
    return [...new Float32Array(Uint8Array.from(result.bytes).buffer)]
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

const floats = (...values: number[]): GraphTensor => ({
  dtype: dtypes.float32,
  dims: [values.length],
  bytes: new Uint8Array(Float32Array.from(values).buffer),
})

test('behavior: positions are folded, as rotary embeddings and anchors need them', () => {
  const [zero, four, one] = [floats(0), floats(4), floats(1)]
  expect(fold('Range', [zero, four, one])).toEqual([0, 1, 2, 3])
  expect(fold('Range', [longs(7), longs(1), longs(-2)])).toEqual([7, 5, 3])
  expect(fold('Cos', [floats(0, Math.PI)])).toEqual([1, -1])
  expect(fold('Pow', [floats(10), floats(-2)])).toEqual([Math.fround(0.01)])
  expect(fold('Sqrt', [longs(4)])).toBeUndefined()
  const matrix = (dims: number[], ...values: number[]) => ({
    ...floats(...values),
    dims,
  })
  const [a, b] = [matrix([1, 2, 1], 1, 10), matrix([2, 1, 2], 1, 2, 3, 4)]
  expect(fold('MatMul', [a, b])).toEqual([1, 2, 10, 20, 3, 4, 30, 40])
  expect(fold('MatMul', [b, b])).toBeUndefined()
})

test('behavior: limits, repeats and places are folded', () => {
  expect(fold('Min', [longs(3, -1), longs(2)])).toEqual([2, -1])
  expect(fold('ReduceMax', [longs(3, 9, -1)])).toEqual([9])
  expect(fold('ReduceSum', [longs(3, 9, -1)])).toEqual([11])
  expect(fold('Tile', [longs(1, 2), longs(2)])).toEqual([1, 2, 1, 2])
  expect(fold('NonZero', [bools(0, 1, 1)])).toEqual([1, 2])
  expect(fold('NonZero', [bools(0, 0)])).toBeUndefined()
  expect(fold('GreaterOrEqual', [longs(1, 2), longs(2)])).toEqual([0, 1])
})

test('behavior: conditions of shapes are folded', () => {
  const [a, b] = [bools(0, 0, 1, 1), bools(0, 1, 0, 1)]
  expect(fold('And', [a, b])).toEqual([0, 0, 0, 1])
  expect(fold('Or', [a, b])).toEqual([0, 1, 1, 1])
  expect(fold('Not', [b])).toEqual([1, 0, 1, 0])
})

test('behavior: weights that are stored as integers are folded, by tensor or axis', () => {
  const dequantize = (
    x: Int8Array,
    dims: number[],
    scales: number[],
    zeros?: number[],
    axis?: bigint,
  ) => {
    const tensors: GraphTensor[] = [
      { dtype: dtypes.int8, dims, bytes: new Uint8Array(x.buffer) },
      {
        dtype: dtypes.float32,
        dims: scales.length === 1 ? [] : [scales.length],
        bytes: new Uint8Array(Float32Array.from(scales).buffer),
      },
    ]
    if (zeros !== undefined)
      tensors.push({
        dtype: dtypes.int8,
        dims: [zeros.length],
        bytes: new Uint8Array(Int8Array.from(zeros).buffer),
      })
    const result = foldNode(
      {
        name: '',
        operator: 'DequantizeLinear',
        domain: '',
        inputs: tensors.map((_, i) => `x${i}`),
        outputs: ['y'],
        attributes: new Map(
          axis === undefined
            ? []
            : [['axis', { type: 'int' as const, value: axis }]],
        ),
      },
      17,
      tensors,
      tensors,
    )
    return result && [...new Float32Array(Uint8Array.from(result.bytes).buffer)]
  }
  const x = Int8Array.from([-128, 0, 127, 1, 2, 3])
  expect(dequantize(x, [2, 3], [0.5], [1])).toEqual([
    -64.5, -0.5, 63, 0, 0.5, 1,
  ])
  expect(dequantize(x, [2, 3], [1, 2], undefined, 0n)).toEqual([
    -128, 0, 127, 2, 4, 6,
  ])
  expect(dequantize(x, [2, 3], [1, 2, 4], [0, 1, 2], -1n)).toEqual([
    -128, -2, 500, 1, 2, 4,
  ])
  // Rounded once, as a float32 product is.
  expect(dequantize(Int8Array.of(3), [1], [0.1])).toEqual([
    Math.fround(3 * Math.fround(0.1)),
  ])
  expect(dequantize(x, [2, 3], [1, 2], undefined, 1n)).toBeUndefined()
})
