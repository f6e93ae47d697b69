import {
  elementCount,
  encodeOnnx,
  isHonest,
  type OperatorAttribute,
  OperatorError,
  operatorOf,
  type TensorType,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'

// The first property of the system (DESIGN 6.4), one reduction at a time: forms
// and operands that no real model has, each judged as the contract would.

const float32 = 1
/** Models of each operator. */
const models = 24
/** Elements judged of each model. */
const sample = 24

type Form = {
  inputs: number[][]
  attributes?: Record<string, OperatorAttribute>
  opset?: number
}

let state = 11
function bits(): number {
  state = (state + 0x6d2b79f5) | 0
  let word = Math.imul(state ^ (state >>> 15), 1 | state)
  word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
  return (word ^ (word >>> 14)) >>> 0
}
const int = (low: number, high: number) => low + (bits() % (high - low + 1))
const pick = <T>(list: readonly T[]): T => list[bits() % list.length] as T

const scratch = new DataView(new ArrayBuffer(4))
/** A float of random sign and mantissa whose exponent field is in a range. */
const ofFields = (low: number, high: number) => () => {
  scratch.setUint32(
    0,
    (((bits() & 1) << 31) | (int(low, high) << 23) | (bits() >>> 9)) >>> 0,
  )
  return scratch.getFloat32(0)
}

const contents: Record<string, () => number> = {
  plain: () => bits() / 2 ** 31 - 1,
  positive: () => bits() / 2 ** 32,
  'far from zero': () => 1e5 + bits() / 2 ** 32,
  wide: ofFields(90, 165),
  subnormal: ofFields(0, 4),
  'with products that underflow': ofFields(55, 68),
  'with sums that overflow': ofFields(185, 192),
  constant: () => 0.1,
  cancelling: () => pick([1e10, -1e10, 1, -1, 1e-6]),
  'of zeros': () => pick([0, -0, 1]),
}

const one = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const list = (values: number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})
const real = (value: number): OperatorAttribute => ({ type: 'float', value })
const optional = (dims: number[]) => (int(0, 1) ? [dims] : [])

function poolForm(): Form {
  const kernel = [int(1, 4), int(1, 4)]
  return {
    inputs: [[1, int(1, 20), int(8, 16), int(8, 16)]],
    attributes: {
      kernel_shape: list(kernel),
      strides: list([int(1, 3), int(1, 3)]),
      pads: list([...kernel, ...kernel].map((size) => int(0, size - 1))),
      ceil_mode: one(int(0, 1)),
    },
  }
}

function reduceForm(opset: number): Form {
  return {
    opset,
    inputs: [[int(1, 5), int(1, 50), int(1, 50)]],
    attributes: {
      axes: list(pick([[0], [1], [2], [-1, -2], [0, 2], [0, 1, 2]])),
      keepdims: one(int(0, 1)),
    },
  }
}

const forms: Record<string, () => Form> = {
  Conv() {
    const group = pick([1, 1, 1, 2, 8])
    const perGroup = group === 8 ? 1 : int(1, 40)
    const filters = group * int(1, 20)
    const kernel = [int(1, 5), int(1, 5)]
    return {
      inputs: [
        [int(1, 2), group * perGroup, int(9, 14), int(9, 14)],
        [filters, perGroup, ...kernel],
        ...optional([filters]),
      ],
      attributes: {
        group: one(group),
        strides: list([int(1, 2), int(1, 2)]),
        dilations: list(
          pick([
            [1, 1],
            [1, 1],
            [2, 1],
          ]),
        ),
        pads: list([...kernel, ...kernel].map((size) => int(0, size - 1))),
      },
    }
  },
  ConvTranspose() {
    const group = pick([1, 1, 2])
    const channels = group * int(1, 20)
    const perGroup = int(1, 8)
    return {
      inputs: [
        [1, channels, int(3, 6), int(3, 6)],
        [channels, perGroup, int(2, 4), int(2, 4)],
        ...optional([group * perGroup]),
      ],
      attributes: {
        group: one(group),
        strides: list([int(1, 2), int(1, 2)]),
        pads: list([0, 1, 1, 0]),
      },
    }
  },
  MatMul() {
    const depth = pick([int(1, 100), 784, 1000])
    return {
      inputs: [
        [...pick([[], [2], [2, 3]]), pick([1, int(1, 9)]), depth],
        [depth, pick([1, int(1, 40)])],
      ],
    }
  },
  Gemm() {
    const [transA, transB] = [int(0, 1), int(0, 1)]
    const [m, k, n] = [int(1, 9), int(1, 300), int(1, 40)]
    return {
      inputs: [
        transA ? [k, m] : [m, k],
        transB ? [n, k] : [k, n],
        ...pick([[], [[n]], [[m, n]], [[m, 1]], [[]]]),
      ],
      attributes: {
        transA: one(transA),
        transB: one(transB),
        alpha: real(pick([1, 1, -0.75, 3e-5])),
        beta: real(pick([1, 1, 2.5, 0])),
      },
    }
  },
  ReduceMean: () => reduceForm(13),
  ReduceSum: () => reduceForm(11),
  GlobalAveragePool: () => ({
    inputs: [[int(1, 2), int(1, 5), int(1, 30), int(1, 30)]],
  }),
  AveragePool() {
    const { inputs, attributes } = poolForm()
    const include = { count_include_pad: one(int(0, 1)) }
    return { inputs, attributes: { ...attributes, ...include } }
  },
  MaxPool: poolForm,
  LayerNormalization() {
    const x = [int(1, 4), int(1, 20), int(2, 400)]
    const row = x.slice(2)
    return {
      opset: 17,
      inputs: [x, row, ...optional(row)],
      attributes: { axis: one(-1), epsilon: real(pick([1e-5, 1e-12])) },
    }
  },
}

/** What the runtime gives for a model of one node. */
async function run(
  operator: string,
  { inputs, attributes = {}, opset = 13 }: Form,
  data: readonly Float32Array[],
): Promise<Tensor> {
  const names = inputs.map((_, i) => `x${i}`)
  const model = encodeOnnx({
    opset,
    irVersion: 8,
    inputs: inputs.map((dims, i) => ({
      name: `x${i}`,
      dtype: float32,
      dims,
    })),
    outputs: ['y'],
    weights: new Map(),
    nodes: [
      {
        name: '',
        operator,
        domain: '',
        inputs: names,
        outputs: ['y'],
        attributes: new Map(Object.entries(attributes)),
      },
    ],
    declared: new Map([['y', { name: 'y', dtype: float32, dims: undefined }]]),
    metadata: new Map(),
  })
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    // Its own shape inference and its kernels disagree on ceil_mode.
    logSeverityLevel: 3,
  })
  try {
    const feeds = names.map((name, i) => [
      name,
      new Tensor('float32', data[i] ?? [], inputs[i] ?? []),
    ])
    const { y } = await session.run(Object.fromEntries(feeds))
    if (y === undefined) throw new Error('no output')
    return y as Tensor
  } finally {
    await session.release()
  }
}

const natural = (dims: readonly number[]): TensorType => ({
  dtype: float32,
  dims,
  perm: dims.map((_, k) => k),
})

test.each(Object.entries(forms))(
  'behavior: what the runtime gives for %s is never fraud',
  { timeout: 60_000 },
  async (name, make) => {
    const operator = operatorOf(name)
    if (operator === undefined) throw new Error(name)
    let judged = 0
    let poison = 0
    for (let model = 0; model < models; model++) {
      const form = make()
      let entry: ReturnType<typeof operator.form>
      try {
        entry = operator.form({
          operator: name,
          opset: form.opset ?? 13,
          attributes: new Map(Object.entries(form.attributes ?? {})),
          inputs: form.inputs.map((dims) => ({ dtype: float32, dims })),
          outputs: 1,
        })
      } catch (error) {
        if (error instanceof OperatorError) continue
        throw error
      }
      const [kind, valueAt] = pick(Object.entries(contents))
      const data = form.inputs.map((dims) =>
        Float32Array.from({ length: elementCount(dims) }, valueAt),
      )
      const result = await run(name, form, data)
      const dims = entry.outputs[0]?.dims ?? []
      expect(result.dims).toEqual(dims)
      const words = new Uint32Array((result.data as Float32Array).buffer)
      for (let k = 0; k < sample; k++) {
        const element = bits() % elementCount(dims)
        const query = {
          opcode: entry.opcode,
          attributes: entry.attributes,
          inputs: entry.inputs.map((i) => natural(form.inputs[i] ?? [])),
          outputs: [natural(dims)],
          output: 0,
          element,
        }
        const ranges = operator.checker.ranges(query)
        const operands = entry.inputs.map((input, slot) => {
          const elements = ranges
            .filter(({ operand }) => operand === slot)
            .flatMap(({ first, count, stride }) =>
              Array.from(
                { length: count },
                (_, i) => data[input]?.[first + i * stride] ?? Number.NaN,
              ),
            )
          const bytes = new Uint8Array(Float32Array.from(elements).buffer)
          return { data: bytes, derived: [] }
        })
        const honest = operator.checker.evaluate(query, operands)
        const claimed = BigInt(words[element] ?? 0)
        expect(
          isHonest(honest, claimed, float32),
          `${result.data[element]} of operands ${kind}`,
        ).toBe(true)
        judged += 1
        if (honest.kind === 'any') poison += 1
      }
    }
    // A test that poison decides would measure nothing.
    expect(poison).toBeLessThan(judged / 2)
  },
)
