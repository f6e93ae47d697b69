import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  elementBytes,
  elementCount,
  encodeOnnx,
  type Graph,
  judgedManifest,
  judgeElement,
  type OperatorAttribute,
  readManifest,
  toCommitted,
  toLogical,
  traceModel,
  weightReader,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, describe, expect, test } from 'vitest'

// RULES C, line by line: what an honest machine produces, runs on ONNX Runtime,
// and is judged honest, though a rule that knows only numbers, or only IEEE 754
// to the letter, would convict it. `naive` is such a rule.

const runner = new Runner({ sessions: 1 })
afterAll(() => runner.close())

type Data = Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array
type Given = { data: Data; dims: readonly number[]; bool?: boolean }
type Case = {
  rule: string
  operator: string
  inputs: readonly Given[]
  /** Inputs behind those, as constants of the model. */
  constants?: readonly Given[]
  attributes?: Record<string, OperatorAttribute>
  opset?: number
  /** The machine flushes subnormals to zero. */
  flush?: boolean
  /** Whether a rule that knows better would convict what came out. */
  naive: (y: readonly (number | bigint)[]) => boolean
}

const typeOf = ({ data, bool }: Given) =>
  bool
    ? 9
    : data instanceof Float32Array
      ? 1
      : data instanceof Int32Array
        ? 6
        : data instanceof BigInt64Array
          ? 7
          : data instanceof Int8Array
            ? 3
            : 2
const names = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
} as const

const floats = (...values: number[]): Given => ({
  data: Float32Array.from(values),
  dims: [values.length],
})
const row = (...values: number[]): Given => ({
  data: Float32Array.from(values),
  dims: [1, values.length],
})
const bits = (...patterns: number[]): Given => ({
  data: new Float32Array(Uint32Array.from(patterns).buffer),
  dims: [patterns.length],
})
const ints = (...values: number[]): Given => ({
  data: Int32Array.from(values),
  dims: [values.length],
})
const longs = (...values: number[]): Given => ({
  data: BigInt64Array.from(values.map(BigInt)),
  dims: [values.length],
})
const scalar = (given: Given): Given => ({ ...given, dims: [] })
const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const list = (...values: number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})
const float = (value: number): OperatorAttribute => ({ type: 'float', value })

/** Runs a model of one node and judges every element of every result. */
async function judge(given: Case): Promise<{
  y: (number | bigint)[]
  fraud: string[]
}> {
  const { constants = [], attributes = {}, opset = 17 } = given
  const inputNames = given.inputs.map((_, i) => `x${i}`)
  const constantNames = constants.map((_, i) => `c${i}`)
  const graph: Graph = {
    opset,
    irVersion: 8,
    inputs: given.inputs.map((input, i) => ({
      name: `x${i}`,
      dtype: typeOf(input),
      dims: input.dims,
    })),
    outputs: ['y'],
    weights: new Map(
      constants.map((constant, i) => [
        `c${i}`,
        {
          dtype: typeOf(constant),
          dims: constant.dims,
          bytes: new Uint8Array(constant.data.slice().buffer),
        },
      ]),
    ),
    nodes: [
      {
        name: 'n',
        operator: given.operator,
        domain: '',
        inputs: [...inputNames, ...constantNames],
        outputs: ['y'],
        attributes: new Map(Object.entries(attributes)),
      },
    ],
    declared: new Map(),
    metadata: new Map(),
  }
  const file = await canonicalise(encodeOnnx(graph), { runner })
  const manifest = readManifest(file, nodeSha256)
  const session = await InferenceSession.create(traceModel(file, manifest), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 4,
    ...(given.flush
      ? { extra: { session: { set_denormal_as_zero: '1' } } }
      : {}),
  })
  const feeds: Record<string, Tensor> = {}
  given.inputs.forEach((input, i) => {
    const name = names[typeOf(input)]
    feeds[`x${i}`] = new Tensor(name, input.data, input.dims)
  })
  const results = await session.run(feeds)
  await session.release()
  const weights = weightReader(file, manifest)
  const bytes = manifest.values.map(({ name, kind, type }, index) => {
    if (kind === 'weight') return weights(index)
    const data = (feeds[name] ?? results[name])?.data as Data
    return toCommitted(type, new Uint8Array(data.slice().buffer))
  })
  const fraud: string[] = []
  manifest.nodes.forEach((node, index) => {
    node.outputs.forEach((value, output) => {
      const count = elementCount(manifest.values[value]!.type.dims)
      for (let element = 0; element < count; element++) {
        const judgement = judgeElement({
          manifest: judgedManifest(manifest),
          node: index,
          output,
          element,
          read: (of, offset, length) =>
            bytes[of]!.subarray(offset, offset + length),
        })
        if (judgement.fraud)
          fraud.push(`${node.operator}[${element}] = ${judgement.claimed}`)
      }
    })
  })
  const last = manifest.values.findIndex(({ kind }) => kind === 'output')
  const { type } = manifest.values[last]!
  const own = toLogical(type, bytes[last]!)
  const width = elementBytes(type.dtype) ?? 1
  const buffer = own.slice().buffer
  const y =
    type.dtype === 1
      ? new Float32Array(buffer)
      : width === 8
        ? new BigInt64Array(buffer)
        : width === 4
          ? new Int32Array(buffer)
          : type.dtype === 3
            ? new Int8Array(buffer)
            : new Uint8Array(buffer)
  return {
    y: Array.from<number | bigint, number | bigint>(y, (value) => value),
    fraud,
  }
}

const tiny = 2 ** -140
const largest = 3.4028234663852886e38
const huge = 2 ** 127

const cases: Case[] = [
  {
    rule: 'C0: a subnormal operand is flushed',
    operator: 'Add',
    inputs: [floats(tiny, 2 ** -127), floats(0, 2 ** -127)],
    flush: true,
    naive: ([a]) => a !== tiny,
  },
  {
    rule: 'C0: a subnormal result is flushed',
    operator: 'Mul',
    inputs: [floats(2 ** -70), floats(2 ** -70)],
    flush: true,
    naive: ([a]) => a !== tiny,
  },
  {
    rule: 'C0: a divisor that is flushed gives infinity',
    operator: 'Div',
    inputs: [floats(tiny), floats(2 ** -130)],
    flush: true,
    naive: ([a]) => a !== 2 ** -10,
  },
  {
    rule: 'C1: zeros of either sign are equal',
    operator: 'Mul',
    inputs: [floats(-0, 0), floats(1, -1)],
    naive: (y) => !Object.is(y[0], 0),
  },
  {
    rule: 'C1: any NaN equals any NaN',
    operator: 'Add',
    inputs: [bits(0x7fc12345), bits(0x7fffffff)],
    naive: ([a]) => Number.isNaN(a as number),
  },
  {
    rule: 'C2: alternating 2^127 sum up to NaN or infinity',
    operator: 'ReduceSum',
    inputs: [row(huge, huge, huge, -huge, -huge, -huge)],
    constants: [longs(1)],
    naive: ([a]) => a !== 0,
  },
  {
    rule: 'C2: LayerNormalization of 1e19 overflows inside',
    operator: 'LayerNormalization',
    inputs: [row(1e19, -1e19, 1e19, -1e19)],
    constants: [floats(1, 1, 1, 1), floats(0, 0, 0, 0)],
    naive: ([a]) => a !== 1,
  },
  {
    rule: 'C3: Add follows IEEE where no infinities cancel',
    operator: 'Add',
    inputs: [floats(Infinity, largest), floats(1, largest)],
    naive: (y) => !Number.isFinite(y[0] as number),
  },
  {
    rule: 'C3: inf - inf',
    operator: 'Sub',
    inputs: [floats(Infinity), floats(Infinity)],
    naive: ([a]) => a !== 0,
  },
  {
    rule: 'C3: Relu and Max are exact on infinities',
    operator: 'Max',
    inputs: [floats(-Infinity, Infinity), floats(-Infinity, 1)],
    naive: (y) => !Number.isFinite(y[1] as number),
  },
  {
    rule: 'C3: a window of -infinity',
    operator: 'MaxPool',
    inputs: [{ ...row(-Infinity, -Infinity), dims: [1, 1, 1, 2] }],
    attributes: { kernel_shape: list(1, 2) },
    // A kernel begins with -FLT_MAX.
    naive: ([a]) => a !== -Infinity,
  },
  {
    rule: 'C3: masked terms of a Softmax',
    operator: 'Softmax',
    inputs: [row(1, -Infinity, 1)],
    naive: (y) => y[1] === 0,
  },
  {
    rule: 'C3: a Softmax of which all is masked',
    operator: 'Softmax',
    inputs: [row(-Infinity, -Infinity)],
    naive: ([a]) => Number.isNaN(a as number),
  },
  {
    rule: 'C4: NaN in an extremum',
    operator: 'ReduceMax',
    inputs: [row(1, Number.NaN, 2)],
    attributes: { axes: list(-1) },
    naive: ([a]) => !Number.isNaN(a as number),
  },
  {
    rule: 'C4: ties go to the lowest index',
    operator: 'ArgMax',
    inputs: [row(3, 7, 7)],
    attributes: { axis: int(-1) },
    naive: ([a]) => a !== 2n,
  },
  {
    rule: 'C4: all below 2^-126 tie where they are flushed',
    operator: 'ArgMax',
    inputs: [row(0, tiny, -tiny)],
    attributes: { axis: int(-1) },
    flush: true,
    naive: ([a]) => a !== 1n,
  },
  {
    rule: 'C4: Cast out of range',
    operator: 'Cast',
    inputs: [floats(3e9, Number.NaN, -1.9)],
    attributes: { to: int(6) },
    naive: ([a]) => a !== 2 ** 31 - 1,
  },
  {
    rule: 'C4: integers wrap',
    operator: 'Add',
    inputs: [ints(2 ** 31 - 1), ints(1)],
    naive: ([a]) => a !== 2 ** 31,
  },
  {
    rule: 'C4: a bool byte above 1',
    operator: 'Not',
    inputs: [{ data: Uint8Array.of(2), dims: [1], bool: true }],
    naive: ([a]) => a !== 255,
  },
  {
    rule: 'C4: both neighbours of a tie are a quantised value',
    operator: 'QuantizeLinear',
    inputs: [floats(0.15, 0.25, 0.35)],
    constants: [
      scalar(floats(0.1)),
      scalar({ data: Uint8Array.of(0), dims: [] }),
    ],
    // 0.15 / 0.1 is above 3/2 in real numbers, by a rounding of 0.1.
    naive: (y) => y[0] !== 1 || y[1] !== 3 || y[2] !== 3,
  },
  {
    rule: 'C4: Exp may overflow at its end',
    operator: 'Exp',
    inputs: [floats(88.72284, 89)],
    naive: (y) => !Number.isFinite(y[1] as number),
  },
  {
    rule: 'C4: Log of 0, of a subnormal, of less',
    operator: 'Log',
    inputs: [floats(0, tiny, -1)],
    naive: (y) => !Number.isFinite(y[0] as number),
  },
  {
    rule: 'C4: Sqrt of less than 0',
    operator: 'Sqrt',
    inputs: [floats(-1)],
    naive: ([a]) => Number.isNaN(a as number),
  },
  {
    rule: 'C4: x^0 is 1, even of NaN',
    operator: 'Pow',
    inputs: [floats(0, Number.NaN, Infinity)],
    constants: [scalar(floats(0))],
    naive: (y) => y[1] === 1,
  },
  {
    rule: 'C4: a negative base has the sign of the exponent',
    operator: 'Pow',
    inputs: [floats(-2, -0.5)],
    constants: [scalar(floats(3))],
    naive: (y) => (y[0] as number) < 0,
  },
  {
    rule: 'C4: Elu subtracts what cancels',
    operator: 'Elu',
    inputs: [floats(-1e-7, -3e-8, -1.2345678e-6)],
    attributes: { alpha: float(1) },
    // exp(x) - 1 in float32 is off by far more than an ulp of the result.
    naive: (y) =>
      [-1e-7, -3e-8, -1.2345678e-6].some(
        (x, i) =>
          Math.abs((y[i] as number) - Math.expm1(x)) > 2 ** -23 * Math.abs(x),
      ),
  },
  {
    rule: 'C4: CumSum adds one after the other',
    operator: 'CumSum',
    inputs: [floats(1e8, 1, 1, 1, -1e8)],
    constants: [scalar(longs(0))],
    naive: (y) => y[4] !== 3,
  },
  {
    rule: 'C4: a padded pool counts what is there',
    operator: 'AveragePool',
    inputs: [{ ...row(2, 4, 6), dims: [1, 1, 1, 3] }],
    attributes: { kernel_shape: list(1, 2), pads: list(0, 1, 0, 1) },
    naive: ([a]) => a !== 1,
  },
  {
    rule: 'C4: nearest at half coordinates',
    operator: 'Resize',
    inputs: [{ ...row(1, 2), dims: [1, 1, 1, 2] }],
    constants: [{ data: new Float32Array(0), dims: [0] }, floats(1, 1, 1, 2)],
    naive: (y) => y.join() !== '1,2,2,2',
  },
  {
    rule: 'C5: an index out of range is clipped before',
    operator: 'Gather',
    inputs: [floats(1, 2, 3), longs(7, -9)],
    naive: (y) => y[0] === 3 && y[1] === 1,
  },
]

describe('behavior: an honest run that a naive rule would convict', () => {
  test.each(cases.map((given) => [given.rule, given] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, given) => {
      const { y, fraud } = await judge(given)
      expect(fraud).toEqual([])
      expect(given.naive(y), `${y.join()} is what a naive rule accepts`).toBe(
        true,
      )
    },
  )
})

describe('behavior: shapes at their edges', () => {
  test('scalars', async () => {
    const inputs = [scalar(floats(2)), scalar(floats(3))]
    const { y, fraud } = await judge({
      rule: '',
      operator: 'Mul',
      inputs,
      naive: () => true,
    })
    expect([fraud, y[0]]).toEqual([[], 6])
  })

  test.each([1, 2, 3, 4, 5, 6])('broadcasting of rank %i', async (rank) => {
    for (const operator of ['Add', 'Mul', 'Max', 'Where']) {
      const dims = Array.from({ length: rank }, (_, k) => 2 + (k % 2))
      // Every other axis is 1, and the last operand lacks the first axis.
      const others = dims.map((dim, k) => (k % 2 ? 1 : dim))
      const filled = (of: readonly number[]): Given => ({
        data: Float32Array.from(
          { length: elementCount(of) },
          (_, i) => Math.sin(i) * 3,
        ),
        dims: of,
      })
      const mask: Given = {
        data: Uint8Array.from(
          { length: elementCount(others) },
          (_, i) => i & 1,
        ),
        dims: others,
        bool: true,
      }
      const operands = [filled(dims), filled(others.slice(1))]
      const inputs = operator === 'Where' ? [mask, ...operands] : operands
      const { y, fraud } = await judge({
        rule: '',
        operator,
        inputs,
        naive: () => true,
      })
      expect([fraud, y.length]).toEqual([[], elementCount(dims)])
    }
  })

  test.each([
    ['Softmax', { axis: int(-2) }],
    ['ReduceMax', { axes: list(-3, -1) }],
    ['ReduceMean', { axes: list(-2) }],
    ['ArgMin', { axis: int(-3) }],
    ['LogSoftmax', { axis: int(-1) }],
    ['Flatten', { axis: int(-1) }],
  ] as const)('a negative axis of %s', async (operator, attributes) => {
    const dims = [2, 3, 4]
    const data = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i))
    const { fraud } = await judge({
      rule: '',
      operator,
      inputs: [{ data, dims }],
      attributes,
      naive: () => true,
    })
    expect(fraud).toEqual([])
  })
})
