import { describe, expect, test } from 'vitest'
import { dtypes } from '../types/tensorType.js'
import { operatorOf, operators } from './index.js'
import {
  dependent,
  type InputType,
  type OperatorAttribute,
  type OperatorForm,
} from './operator.js'

const float = (...dims: number[]): InputType => ({
  dtype: dtypes.float32,
  dims,
})
const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const ints = (...values: number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})
const text = (value: string): OperatorAttribute => ({ type: 'string', value })

function formOf(
  name: string,
  inputs: (InputType | undefined)[],
  attributes: Record<string, OperatorAttribute> = {},
  opset = 17,
  outputs = 1,
): OperatorForm {
  const operator = operatorOf(name)
  if (operator === undefined) throw new Error(name)
  return operator.form({
    operator: name,
    opset,
    attributes: new Map(Object.entries(attributes)),
    inputs,
    outputs,
  })
}

const dimsOf = (form: OperatorForm) => form.outputs[0]?.dims

describe('forms of reductions', () => {
  test('default: Conv with stride and padding, channels last', () => {
    const form = formOf('Conv', [float(1, 3, 48, 192), float(8, 3, 3, 3)], {
      strides: ints(2, 2),
      pads: ints(1, 1, 1, 1),
    })
    expect(form).toMatchObject({
      opcode: 62,
      attributes: [1, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1],
      layouts: [[0, 2, 3, 1], [0, 2, 3, 1], undefined],
    })
    expect(dimsOf(form)).toEqual([1, 8, 24, 96])
  })

  test('behavior: a depthwise Conv keeps channels first', () => {
    const form = formOf('Conv', [float(1, 8, 9, 9), float(8, 1, 3, 3)], {
      group: int(8),
    })
    expect(form.layouts[0]).toEqual([0, 1, 2, 3])
    expect(dimsOf(form)).toEqual([1, 8, 7, 7])
  })

  test('behavior: auto_pad is resolved', () => {
    const inputs = [float(1, 1, 5, 6), float(1, 1, 3, 2)]
    const strides = ints(2, 2)
    const upper = { auto_pad: text('SAME_UPPER'), strides }
    expect(formOf('Conv', inputs, upper).attributes.slice(7)).toEqual([
      1, 0, 1, 0,
    ])
    const even = [float(1, 1, 6, 6), float(1, 1, 3, 3)]
    expect(formOf('Conv', even, upper).attributes.slice(7)).toEqual([
      0, 0, 1, 1,
    ])
    const lower = { auto_pad: text('SAME_LOWER'), strides }
    expect(formOf('Conv', even, lower).attributes.slice(7)).toEqual([
      1, 1, 0, 0,
    ])
    const valid = { auto_pad: text('VALID'), strides }
    expect(dimsOf(formOf('Conv', even, valid))).toEqual([1, 1, 2, 2])
  })

  test('behavior: ceil_mode adds a window that begins inside', () => {
    const attributes = {
      kernel_shape: ints(3, 3),
      strides: ints(2, 2),
      ceil_mode: int(1),
    }
    const four = formOf('MaxPool', [float(1, 1, 4, 4)], attributes)
    expect(dimsOf(four)).toEqual([1, 1, 2, 2])
    // The third window would begin at 4, in the padding behind the input.
    const padded = formOf('MaxPool', [float(1, 1, 4, 4)], {
      kernel_shape: ints(2, 2),
      strides: ints(2, 2),
      pads: ints(0, 0, 1, 1),
      ceil_mode: int(1),
    })
    expect(dimsOf(padded)).toEqual([1, 1, 2, 2])
  })

  test('behavior: MatMul by the rules of numpy', () => {
    const cases: [number[], number[], number[]][] = [
      [[5], [5], []],
      [[5], [5, 2], [2]],
      [[3, 5], [5], [3]],
      [
        [2, 1, 3, 5],
        [4, 5, 2],
        [2, 4, 3, 2],
      ],
    ]
    for (const [a, b, dims] of cases)
      expect(dimsOf(formOf('MatMul', [float(...a), float(...b)]))).toEqual(dims)
  })

  test('behavior: axes of ReduceMean, as attribute and as input', () => {
    const x = float(2, 3, 4)
    const old = formOf('ReduceMean', [x], { axes: ints(-1), keepdims: int(0) })
    expect(old.attributes).toEqual([2])
    expect(dimsOf(old)).toEqual([2, 3])
    const axes = { dtype: dtypes.int64, dims: [2], constant: [0n, -2n] }
    const recent = formOf('ReduceMean', [x, axes], {}, 18)
    expect(recent.attributes).toEqual([0, 1])
    expect(recent.inputs).toEqual([0])
    expect(recent.layouts).toEqual([[2, 0, 1], undefined])
    expect(dimsOf(recent)).toEqual([1, 1, 4])
    expect(dimsOf(formOf('ReduceMean', [x]))).toEqual([1, 1, 1])
  })

  test('error: what no checker can judge is refused with the reason', () => {
    const reason = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return (error as Error).message
      }
      return 'accepted'
    }
    const x = float(1, 4, 4, 4)
    const pool = { kernel_shape: ints(2, 2) }
    expect([
      reason(() => formOf('Conv', [x, float(4, 3, 1, 1)])),
      reason(() => formOf('Conv', [x, float(4, 4, 5, 1)])),
      reason(() =>
        formOf('Conv', [x, float(4, 4, 1, 1)], { pads: ints(1, 0, 0, 0) }),
      ),
      reason(() =>
        formOf('Conv', [x, float(4, 4, 1, 1)], { pads: ints(-1, 0, 0, 0) }),
      ),
      reason(() => formOf('MaxPool', [x], pool, 17, 2)),
      reason(() =>
        formOf('AveragePool', [float(1, 1, 3, 3)], {
          kernel_shape: ints(2, 2),
          strides: ints(2, 2),
          ceil_mode: int(1),
          count_include_pad: int(1),
        }),
      ),
      reason(() => formOf('MatMul', [float(2, 3), float(2, 3)])),
      reason(() =>
        formOf('Gemm', [float(2, 3), float(3, 2)], {
          alpha: { type: 'float', value: 0 },
        }),
      ),
      reason(() => formOf('ReduceMean', [{ dtype: dtypes.int32, dims: [3] }])),
      reason(() =>
        formOf('ReduceSum', [x, { dtype: dtypes.int64, dims: [1] }]),
      ),
      reason(() => formOf('ReduceSum', [x], { noop_with_empty_axes: int(1) })),
    ]).toMatchInlineSnapshot(`
      [
        "Conv of 4 channels, 4 filters of 3, 1 groups",
        "Conv: the kernel exceeds the input",
        "Conv: a window holds nothing but padding",
        "Conv: pads [-1,0,0,0] have no checker",
        "MaxPool with indices has no checker",
        "AveragePool: runtimes disagree on the divisor of count_include_pad with ceil_mode",
        "MatMul of shapes [2,3] and [2,3]",
        "Gemm with alpha 0",
        "ReduceMean of element type int32 has no checker",
        "ReduceSum: input 1 must be a constant",
        "ReduceSum that does nothing",
      ]
    `)
  })
})

test('behavior: opcodes from 256 on, and only they, read in two stages', () => {
  for (const { checker, variants = [] } of operators)
    for (const { opcode, dependentRanges } of [checker, ...variants])
      expect(dependentRanges !== undefined, `opcode ${opcode}`).toBe(
        opcode >= dependent,
      )
})

describe('DequantizeLinear, QuantizeLinear', () => {
  const int8 = (...dims: number[]): InputType => ({ dtype: dtypes.int8, dims })

  test('behavior: one scale serves all, whether it is a scalar or a row of one', () => {
    for (const scale of [float(), float(1)])
      for (const zero of [int8(), int8(1), undefined]) {
        expect(
          formOf('DequantizeLinear', [int8(2, 3), scale, zero]).attributes,
        ).toEqual([0, 0])
        expect(
          formOf('QuantizeLinear', [float(2, 3), scale, zero]).attributes,
        ).toEqual([0, 0])
      }
  })

  test('error: a scale and a zero point of other shapes', () => {
    expect(() =>
      formOf('DequantizeLinear', [int8(2, 3), float(3), int8()]),
    ).toThrow('scale of shape [3], zero point of []')
  })
})
