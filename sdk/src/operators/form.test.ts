import { describe, expect, test } from 'vitest'
import { operatorOf } from './index.js'
import {
  type InputType,
  type OperatorAttribute,
  OperatorError,
  type OperatorForm,
} from './operator.js'

type Node = {
  opset?: number
  inputs: (InputType | undefined)[]
  attributes?: Record<string, number | number[] | string>
  outputs?: number
}

function attributeOf(value: number | number[] | string): OperatorAttribute {
  if (typeof value === 'string') return { type: 'string', value }
  if (Array.isArray(value)) return { type: 'ints', value: value.map(BigInt) }
  return Number.isInteger(value)
    ? { type: 'int', value: BigInt(value) }
    : { type: 'float', value }
}

function form(operator: string, node: Node): OperatorForm {
  const found = operatorOf(operator)
  if (found === undefined) throw new Error(`no operator ${operator}`)
  return found.form({
    operator,
    opset: node.opset ?? 17,
    attributes: new Map(
      Object.entries(node.attributes ?? {}).map(([name, value]) => [
        name,
        attributeOf(value),
      ]),
    ),
    inputs: node.inputs,
    outputs: node.outputs ?? 1,
  })
}

const float = (...dims: number[]): InputType => ({ dtype: 1, dims })
const ints = (...values: number[]): InputType => ({
  dtype: 7,
  dims: [values.length],
  constant: values.map(BigInt),
})
const scalar = (value: number): InputType => ({
  dtype: 1,
  dims: [],
  constant: [value],
})
const dimsOf = (operator: string, node: Node) =>
  form(operator, node).outputs.map(({ dims }) => dims)

describe('behavior: shapes', () => {
  const x = float(2, 3, 4, 5)
  test.each<[string, string, Node, number[][]]>([
    ['broadcast', 'Add', { inputs: [x, float(3, 1, 5)] }, [[2, 3, 4, 5]]],
    ['Reshape', 'Reshape', { inputs: [x, ints(0, -1, 5)] }, [[2, 12, 5]]],
    ['Flatten', 'Flatten', { inputs: [x], attributes: { axis: 2 } }, [[6, 20]]],
    [
      'Flatten at the rank',
      'Flatten',
      { inputs: [x], attributes: { axis: 4 } },
      [[120, 1]],
    ],
    [
      'Squeeze by input',
      'Squeeze',
      { inputs: [float(1, 3, 1), ints(-1)] },
      [[1, 3]],
    ],
    [
      'Squeeze by attribute',
      'Squeeze',
      { opset: 11, inputs: [float(1, 3, 1)], attributes: { axes: [0] } },
      [[3, 1]],
    ],
    ['Squeeze of all', 'Squeeze', { inputs: [float(1, 3, 1)] }, [[3]]],
    [
      'Unsqueeze',
      'Unsqueeze',
      { inputs: [float(3), ints(0, -1)] },
      [[1, 3, 1]],
    ],
    ['Transpose by default', 'Transpose', { inputs: [x] }, [[5, 4, 3, 2]]],
    [
      'Concat',
      'Concat',
      { inputs: [float(2, 3), float(2, 1)], attributes: { axis: -1 } },
      [[2, 4]],
    ],
    [
      'Slice, clamped',
      'Slice',
      { inputs: [x, ints(1), ints(1 << 30), ints(3)] },
      [[2, 3, 4, 4]],
    ],
    [
      'Slice backwards',
      'Slice',
      { inputs: [float(5), ints(-1), ints(-99), ints(0), ints(-2)] },
      [[3]],
    ],
    [
      'Slice of opset 9',
      'Slice',
      {
        opset: 9,
        inputs: [x],
        attributes: { starts: [1], ends: [-1], axes: [2] },
      },
      [[2, 3, 2, 5]],
    ],
    [
      'Split in equal parts',
      'Split',
      { inputs: [float(7)], outputs: 2 },
      [[4], [3]],
    ],
    ['Expand', 'Expand', { inputs: [float(3, 1), ints(2, 1, 4)] }, [[2, 3, 4]]],
    ['Tile', 'Tile', { inputs: [float(3, 1), ints(2, 4)] }, [[6, 4]]],
    [
      'Gather',
      'Gather',
      {
        inputs: [x, { dtype: 7, dims: [1, 2], constant: [0n, -1n] }],
        attributes: { axis: 1 },
      },
      [[2, 1, 2, 4, 5]],
    ],
    [
      'Pad with axes',
      'Pad',
      { inputs: [x, ints(1, 2), undefined, ints(-1)] },
      [[2, 3, 4, 8]],
    ],
    [
      'Where',
      'Where',
      { inputs: [{ dtype: 9, dims: [4, 1] }, float(5), scalar(0)] },
      [[4, 5]],
    ],
    ['Softmax', 'Softmax', { inputs: [x] }, [[2, 3, 4, 5]]],
    [
      'Softmax of opset 11',
      'Softmax',
      { opset: 11, inputs: [float(2, 7, 1)] },
      [[2, 7, 1]],
    ],
  ])('%s', (_, operator, node, expected) => {
    expect(dimsOf(operator, node)).toEqual(expected)
  })
})

test('behavior: what is constant becomes an attribute and no value', () => {
  const clip = form('Clip', { inputs: [float(2), undefined, scalar(6)] })
  expect(clip.inputs).toEqual([0])
  expect(clip.attributes).toEqual([0, 0, 1, 0x40c00000])
  const slice = form('Slice', {
    inputs: [float(5, 4), ints(-1), ints(-99), ints(0), ints(-2)],
  })
  expect(slice.attributes).toEqual([4, 0, -2, 1])
  const old = form('Clip', {
    opset: 6,
    inputs: [float(2)],
    attributes: { min: 0.5 },
  })
  expect(old.attributes).toEqual([1, 0x3f000000, 0, 0])
})

describe('error: forms that cannot be checked', () => {
  const open: InputType = { dtype: 7, dims: [1] }
  test.each<[string, string, Node, string]>([
    [
      'an open shape',
      'Reshape',
      { inputs: [float(2), open] },
      'must be a constant',
    ],
    [
      'an index out of range',
      'Gather',
      { inputs: [float(2), ints(2)] },
      'outside',
    ],
    [
      'shapes that do not broadcast',
      'Add',
      { inputs: [float(2), float(3)] },
      'do not broadcast',
    ],
    [
      'Clip with min > max (C4)',
      'Clip',
      { inputs: [float(2), scalar(2), scalar(1)] },
      'is above max',
    ],
    [
      'an open exponent',
      'Pow',
      { inputs: [float(2), float(2)] },
      'must be a constant',
    ],
    [
      'an exponent out of reach',
      'Pow',
      { inputs: [float(2), scalar(2 ** 24)] },
      'exponent 16777216',
    ],
    [
      'integer division by data (C5)',
      'Div',
      { inputs: [open, open] },
      'must be a constant',
    ],
    [
      'integer division by -1 (C5)',
      'Div',
      { inputs: [open, ints(2, -1)] },
      'divisor is -1',
    ],
    ['an integer mean (C4)', 'ReduceMean', { inputs: [open] }, 'int64'],
    ['mixed element types', 'Add', { inputs: [float(1), open] }, 'differ'],
    [
      'an empty Slice',
      'Slice',
      { inputs: [float(5), ints(3), ints(3)] },
      'leaves nothing',
    ],
    ['a missing input', 'Add', { inputs: [float(2)] }, 'no input 1'],
    [
      'Softmax over many axes',
      'Softmax',
      { opset: 11, inputs: [float(2, 3, 4)] },
      'opset 11',
    ],
    ['a half', 'Relu', { inputs: [{ dtype: 10, dims: [2] }] }, 'float16'],
    [
      'Concat of unlike shapes',
      'Concat',
      { inputs: [float(2, 3), float(3, 3)], attributes: { axis: 1 } },
      'do not join',
    ],
  ])('%s', (_, operator, node, reason) => {
    const act = () => form(operator, node)
    expect(act).toThrow(OperatorError)
    expect(act).toThrow(reason)
  })
})
