import {
  checkModel,
  type Dtype,
  encodeOnnx,
  type Graph,
  type GraphAttribute,
  type GraphTensor,
  prepareModel,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'

// Operators that have no checker of their own become others that have, and
// those compute what the runtime's own kernel computes.

type Case = {
  operator: string
  x: readonly number[]
  attributes?: Record<string, GraphAttribute>
  /** Constant inputs behind the first. */
  constants?: readonly (readonly number[] | readonly bigint[])[]
  opset?: number
  /** Element types of the results. */
  outputs?: readonly Dtype[]
}

let state = 3
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 31 - 1
}
const int = (value: number): GraphAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const float = (value: number): GraphAttribute => ({ type: 'float', value })
const ints = (value: readonly number[]): GraphAttribute => ({
  type: 'ints',
  value: value.map(BigInt),
})
const axes = (...values: number[]) => [values.map(BigInt)]
const channels = (count: number) =>
  Array.from({ length: count }, () => random() + 1.5)

function constantOf(
  values: readonly number[] | readonly bigint[],
): GraphTensor {
  const bigints = values.filter((value) => typeof value === 'bigint')
  return bigints.length === values.length
    ? {
        dtype: 7,
        dims: [values.length],
        bytes: new Uint8Array(BigInt64Array.from(bigints).buffer),
      }
    : {
        dtype: 1,
        dims: [values.length],
        bytes: new Uint8Array(Float32Array.from(values, Number).buffer),
      }
}

function modelOf({ operator, x, constants = [], ...given }: Case): Uint8Array {
  const types = given.outputs ?? [1]
  const outputs = types.map((_, i) => `y${i}`)
  const inputs = ['x', ...constants.map((_, i) => `c${i}`)]
  const attributes = new Map(Object.entries(given.attributes ?? {}))
  const graph: Graph = {
    opset: given.opset ?? 18,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: 1, dims: x }],
    outputs,
    weights: new Map(constants.map((c, i) => [`c${i}`, constantOf(c)])),
    nodes: [{ name: 'n', operator, domain: '', inputs, outputs, attributes }],
    declared: new Map(
      outputs.map((name, i) => [
        name,
        { name, dtype: types[i] ?? 1, dims: undefined },
      ]),
    ),
    metadata: new Map(),
  }
  return encodeOnnx(graph)
}

async function run(
  model: Uint8Array,
  dims: readonly number[],
): Promise<Tensor[]> {
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  })
  try {
    state = 99
    const length = dims.reduce((n, dim) => n * dim, 1)
    const data = Float32Array.from({ length }, () => 3 * random())
    const results = await session.run({ x: new Tensor('float32', data, dims) })
    return session.outputNames.map((name) => results[name] as Tensor)
  } finally {
    await session.release()
  }
}

const reductions: Case[] = [
  'ReduceL1',
  'ReduceL2',
  'ReduceSumSquare',
  'ReduceLogSumExp',
].flatMap((operator) => [
  { operator, x: [2, 3, 4], constants: axes(-1, 0) },
  { operator, x: [2, 3, 4], attributes: { keepdims: int(0) } },
  { operator, x: [7], opset: 11, attributes: { axes: ints([-1]) } },
])

const cases: Case[] = [
  ...reductions,
  { operator: 'ReduceProd', x: [3, 2, 2, 4], constants: axes(1, -3, 2) },
  {
    operator: 'ReduceProd',
    x: [3, 8],
    constants: axes(-1),
    attributes: { keepdims: int(0) },
  },
  { operator: 'ReduceProd', x: [8], opset: 13 },
  { operator: 'GlobalMaxPool', x: [2, 3, 4, 5] },
  { operator: 'GlobalMaxPool', x: [1, 2, 9], opset: 9 },
  ...[-1, 1, 0, -3].map((axis) => ({
    operator: 'LogSoftmax',
    x: [2, 3, 4],
    attributes: { axis: int(axis) },
  })),
  // Up to opset 12 all axes from the named one on are one.
  { operator: 'LogSoftmax', x: [2, 3, 4], opset: 12 },
  { operator: 'Softmax', x: [2, 3, 4], opset: 11 },
  { operator: 'Softmax', x: [2, 3, 4], opset: 9, attributes: { axis: int(0) } },
  {
    operator: 'InstanceNormalization',
    x: [2, 3, 4, 5],
    constants: [channels(3), channels(3)],
    attributes: { epsilon: float(0.01) },
  },
  {
    operator: 'InstanceNormalization',
    x: [1, 2, 6],
    constants: [channels(2), channels(2)],
    opset: 9,
  },
  {
    operator: 'GroupNormalization',
    x: [2, 4, 3, 3],
    constants: [channels(2), channels(2)],
    attributes: { num_groups: int(2) },
  },
  {
    operator: 'GroupNormalization',
    x: [2, 4, 3],
    constants: [channels(4), channels(4)],
    attributes: { num_groups: int(2) },
    opset: 21,
  },
  { operator: 'MeanVarianceNormalization', x: [2, 3, 4, 5], opset: 13 },
  {
    operator: 'LayerNormalization',
    x: [2, 3, 8],
    constants: [channels(8), channels(8)],
    outputs: [1, 1, 1],
  },
  { operator: 'DynamicQuantizeLinear', x: [3, 5], outputs: [2, 1, 2] },
  { operator: 'Trilu', x: [2, 4, 5] },
  {
    operator: 'Trilu',
    x: [4, 5],
    constants: axes(-1),
    attributes: { upper: int(0) },
  },
  { operator: 'Selu', x: [40] },
  { operator: 'Celu', x: [40], attributes: { alpha: float(2) } },
  { operator: 'Softsign', x: [40] },
  { operator: 'Mish', x: [40] },
  { operator: 'ThresholdedRelu', x: [40], attributes: { alpha: float(0.7) } },
  {
    operator: 'Shrink',
    x: [40],
    attributes: { bias: float(0.5), lambd: float(1) },
  },
]

describe('behavior: composites compute what the runtime does', () => {
  test.each(cases.map((given) => [given.operator, given] as const))(
    '%s',
    async (_, given) => {
      const model = modelOf(given)
      expect(checkModel(model).refusals).toEqual([])
      const expected = await run(model, given.x)
      const actual = await run(prepareModel(model), given.x)
      expected.forEach((tensor, output) => {
        const own = actual[output]
        expect(own?.dims).toEqual(tensor.dims)
        expect(own?.type).toBe(tensor.type)
        const data = own?.data as Float32Array
        ;(tensor.data as Float32Array).forEach((value, i) => {
          const off = Math.abs(value - (data[i] ?? Number.NaN))
          // A quantised value may be on the other side of a tie.
          const room =
            tensor.type === 'uint8' ? 1 : 1e-5 * (1 + Math.abs(value))
          expect(off).toBeLessThanOrEqual(room)
        })
      })
    },
  )
})

test('behavior: a tensor of zeros has the scale that runtimes give it', async () => {
  const given = { operator: 'DynamicQuantizeLinear', x: [4] }
  const outputs = [2, 1, 2] as const
  const model = prepareModel(modelOf({ ...given, outputs }))
  const session = await InferenceSession.create(model)
  const x = new Tensor('float32', new Float32Array(4), [4])
  const { y0, y1, y2 } = await session.run({ x })
  const quantised = y0?.data as Uint8Array
  expect([...quantised, y1?.data[0], y2?.data[0]]).toEqual([0, 0, 0, 0, 1, 0])
  await session.release()
})

test('error: a product of more than eight factors is refused (C4)', () => {
  const model = modelOf({ operator: 'ReduceProd', x: [9] })
  expect(checkModel(model).refusals.map(({ reason }) => reason)).toEqual([
    'ReduceProd of 9 factors, at most 8 (C4)',
  ])
})

test('behavior: a float16 model is judged with float32 arithmetic', async () => {
  const half = 10
  const [one, two, minusThree, tiny] = [0x3c00, 0x4000, 0xc200, 0x0001]
  const weights = Uint16Array.of(one, two, minusThree, tiny, two, one)
  const inputs = ['x', 'w']
  const graph: Graph = {
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: half, dims: [2, 3] }],
    outputs: ['y'],
    weights: new Map([
      [
        'w',
        { dtype: half, dims: [3, 2], bytes: new Uint8Array(weights.buffer) },
      ],
    ]),
    nodes: [
      ['MatMul', inputs, ['m']] as const,
      ['Relu', ['m'], ['y']] as const,
    ].map(([operator, inputs, outputs]) => ({
      name: operator,
      operator,
      domain: '',
      inputs,
      outputs,
      attributes: new Map(),
    })),
    declared: new Map([['y', { name: 'y', dtype: half, dims: undefined }]]),
    metadata: new Map(),
  }
  const model = encodeOnnx(graph)
  expect(checkModel(model)).toMatchObject({
    class: 'float',
    refusals: [],
    shapes: { x: { dtype: half }, y: { dtype: half, dims: [2, 2] } },
  })
  const session = await InferenceSession.create(prepareModel(model))
  const x = Uint16Array.of(one, two, one, minusThree, one, one)
  const { y } = await session.run({ x: new Tensor('float16', x, [2, 3]) })
  // [1 - 6 + 2, 2 + 2 2^-24 + 1], [-3 - 3 + 2, -6 + 2^-24 + 1]
  const result = y?.data as Uint16Array
  expect([...new Uint16Array(result.buffer, 0, 4)]).toEqual([0, 0x4200, 0, 0])
  await session.release()
})

test('behavior: a Clip between limits that follow from the data is what the runtime clips', async () => {
  const node = (operator: string, inputs: string[], output: string) => ({
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map<string, GraphAttribute>(
      operator.startsWith('Reduce') ? [['keepdims', int(0)]] : [],
    ),
  })
  const scalar = (value: number): GraphTensor => ({
    dtype: 1,
    dims: [],
    bytes: new Uint8Array(Float32Array.of(value).buffer),
  })
  const model = encodeOnnx({
    opset: 13,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: 1, dims: [4, 5] }],
    outputs: ['y'],
    weights: new Map([
      ['one', scalar(1)],
      ['four', scalar(4)],
    ]),
    // The last decibels of a spectrogram are cut off so.
    nodes: [
      node('ReduceMax', ['x'], 'top'),
      node('Sub', ['top', 'four'], 'low'),
      node('Sub', ['top', 'one'], 'high'),
      node('Clip', ['x', 'low', 'high'], 'y'),
    ],
    declared: new Map([['y', { name: 'y', dtype: 1, dims: [4, 5] }]]),
    metadata: new Map(),
  })
  expect(checkModel(model).refusals).toEqual([])
  const [own, prepared] = await Promise.all([
    run(model, [4, 5]),
    run(prepareModel(model), [4, 5]),
  ])
  expect(prepared[0]?.data).toEqual(own[0]?.data)
  expect(new Set(own[0]?.data as Float32Array).size).toBeGreaterThan(3)
})

/** Einsum of x and weights of these shapes. */
function einsumModel(
  equation: string,
  x: readonly number[],
  weights: readonly (readonly number[])[],
): Uint8Array {
  state = 7
  const inputs = ['x', ...weights.map((_, i) => `w${i}`)]
  return encodeOnnx({
    opset: 13,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: 1, dims: x }],
    outputs: ['y'],
    weights: new Map(
      weights.map((dims, i) => [
        `w${i}`,
        {
          dtype: 1,
          dims,
          bytes: new Uint8Array(
            Float32Array.from(
              { length: dims.reduce((n, dim) => n * dim, 1) },
              random,
            ).buffer,
          ),
        },
      ]),
    ),
    nodes: [
      {
        name: 'n',
        operator: 'Einsum',
        domain: '',
        inputs,
        outputs: ['y'],
        attributes: new Map([
          ['equation', { type: 'string', value: equation }],
        ]),
      },
    ],
    declared: new Map([['y', { name: 'y', dtype: 1, dims: undefined }]]),
    metadata: new Map(),
  })
}

test.each<[string, number[], ...number[][]]>([
  ['bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]],
  ['bhij,bhjd->bihd', [2, 3, 4, 5], [2, 3, 5, 6]],
  ['bnd,hdk->bhnk', [2, 3, 4], [5, 4, 6]],
  ['ij,jk', [3, 4], [4, 5]],
  ['ba, ac -> cb', [3, 4], [4, 5]],
  ['i,j->ji', [3], [4]],
  ['abc,abc->b', [2, 3, 4], [2, 3, 4]],
  ['abc,cd->bd', [2, 3, 4], [4, 5]],
  ['ab,bc,cd->ad', [2, 3], [3, 4], [4, 5]],
  ['abc->ca', [2, 3, 4]],
  ['abc->cab', [2, 3, 4]],
  ['abc,abc->abc', [2, 3, 4], [2, 3, 4]],
])(
  'behavior: Einsum %s is what the runtime computes',
  async (equation, x, ...weights) => {
    const model = einsumModel(equation, x, weights)
    expect(checkModel(model).refusals).toEqual([])
    const [own] = (await run(model, x)) as [Tensor]
    const [prepared] = (await run(prepareModel(model), x)) as [Tensor]
    expect(prepared.dims).toEqual(own.dims)
    const expected = own.data as Float32Array
    const largest = Math.max(...expected.map(Math.abs))
    ;(prepared.data as Float32Array).forEach((value, i) => {
      expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(
        1e-5 * largest,
      )
    })
  },
)

test.each([
  ['...ij,jk->...ik', [2, 3, 4], [4, 5]],
  ['ii->i', [3, 3]],
  ['ij,ij->', [3, 4], [3, 4]],
  ['ij,jk->iz', [3, 4], [4, 5]],
  ['ij,jk->ik', [3, 4, 5], [4, 5]],
  ['ij,jk->ik', [3, 4], [5, 6]],
  ['ij->ij', [3, 4], [5, 6]],
])(
  'error: Einsum %s of %j is refused with the reason',
  (equation, x, ...weights) => {
    expect(
      checkModel(einsumModel(equation, x as number[], weights as number[][]))
        .refusals,
    ).toMatchObject([
      { operator: 'Einsum', reason: expect.stringContaining('Einsum') },
    ])
  },
)
