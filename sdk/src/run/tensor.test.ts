import { describe, expect, test } from 'vitest'
import { dtypes } from '../types/tensorType.js'
import { bindInputs } from './bindInputs.js'
import {
  dtypeName,
  type TensorInput,
  toTensor,
  toTypedArray,
} from './tensor.js'

const bytes = (array: ArrayBufferView) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

describe('toTensor', () => {
  test('default: numbers, typed arrays and bytes give the same tensor', () => {
    const data = bytes(Float32Array.of(1, -2))
    const expected = { dtype: dtypes.float32, dims: [1, 2], data }
    for (const input of [
      [1, -2],
      Float32Array.of(1, -2),
      Float32Array.of(9, 1, -2).subarray(1),
      expected,
    ])
      expect(toTensor('x', 'float32', [1, 2], input)).toEqual(expected)
  })

  test('behavior: every type keeps its elements', () => {
    const cases: [Parameters<typeof toTensor>[1], TensorInput][] = [
      ['float64', [0.1, -0]],
      ['int8', [-128, 127]],
      ['uint8', [0, 255]],
      ['int32', [-(2 ** 31), 2 ** 31 - 1]],
      ['int64', [-(2n ** 63n), 2n ** 63n - 1n]],
      ['bool', [true, false]],
      ['float16', Uint16Array.of(0x3c00, 0x7e01)],
    ]
    for (const [dtype, input] of cases) {
      const { data } = toTensor('x', dtype, [2], input)
      const back = toTypedArray(dtype, data)
      expect(Array.from(back as ArrayLike<unknown>)).toEqual(
        Array.from(input as ArrayLike<unknown>, (value) =>
          typeof value === 'boolean' ? Number(value) : value,
        ),
      )
    }
  })

  test('error: nothing is converted, wrapped or padded', () => {
    const refused =
      (dtype: 'int8' | 'int64' | 'float32' | 'bool', input: unknown) =>
      (pattern: RegExp) =>
        expect(() => toTensor('x', dtype, [2], input as TensorInput)).toThrow(
          pattern,
        )
    refused('float32', Float64Array.of(1, 2))(/LY-INP-002/)
    refused('float32', ['1', 2])(/LY-INP-002/)
    refused('int8', [128, 0])(/LY-INP-002/)
    refused('int8', [0.5, 0])(/LY-INP-002/)
    refused('int64', [1, 2])(/LY-INP-002/)
    refused('int64', [2n ** 63n, 0n])(/LY-INP-002/)
    refused('bool', [1, 0])(/LY-INP-002/)
    refused('float32', [1])(/LY-INP-003/)
    refused('float32', Float32Array.of(1, 2, 3))(/LY-INP-003/)
    const tensor = { dtype: dtypes.float32, dims: [2], data: new Uint8Array(8) }
    refused('float32', { ...tensor, dims: [2, 1] })(/LY-INP-003/)
    refused('float32', { ...tensor, data: new Uint8Array(7) })(/LY-INP-003/)
    refused('int8', tensor)(/LY-INP-002/)
  })

  test('behavior: a name for every element type', () => {
    for (const [name, code] of Object.entries(dtypes))
      expect(dtypeName(code)).toBe(name)
    expect(() => dtypeName(5 as never)).toThrow(RangeError)
  })
})

test('error: bindInputs names what is missing and what is unknown', () => {
  const values = [
    {
      kind: 'input',
      name: 'x',
      type: { dtype: dtypes.float32, dims: [1], perm: [0] },
      boundary: false,
      slot: 0,
      laterSlot: 0,
      carriedSlot: 0xffffffff,
    },
  ] as const
  expect(() => bindInputs({ values }, {})).toThrow(/x is missing/)
  expect(() => bindInputs({ values }, { x: [1], y: [1] })).toThrow(/no input y/)
  expect(() => bindInputs({ values }, { toString: [1] } as never)).toThrow(
    /no input toString/,
  )
  expect(bindInputs({ values }, { x: [1] })[0]?.array.dims).toEqual([1])
})
