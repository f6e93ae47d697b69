import {
  type Dtype,
  elementCount,
  encodeOnnx,
  isHonest,
  type Operator,
  type OperatorAttribute,
  OperatorError,
  type OperatorForm,
  operatorOf,
  type TensorType,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect } from 'vitest'

// Judges what ONNX Runtime gives for models of one node, with operands that no
// real model has, as the contract would.

/** A node of one operator. */
export type Form = {
  inputs: (Input | undefined)[]
  attributes?: Record<string, OperatorAttribute>
  opset?: number
}

/** An input, and how the bit patterns of its elements are drawn. */
export type Input = {
  dtype: Dtype
  dims: readonly number[]
  draw: () => bigint
  /** The form sees the content. */
  constant?: boolean
}

let state = 11
export function bits(): number {
  state = (state + 0x6d2b79f5) | 0
  let word = Math.imul(state ^ (state >>> 15), 1 | state)
  word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
  return (word ^ (word >>> 14)) >>> 0
}
export const int = (low: number, high: number): number =>
  low + (bits() % (high - low + 1))
export const pick = <T>(list: readonly T[]): T =>
  list[bits() % list.length] as T

export const one = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
export const list = (values: readonly number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})

/** Bits of a float32. */
export function floatBits(value: number): bigint {
  scratch.setFloat32(0, value)
  return BigInt(scratch.getUint32(0))
}

const ofFields = (low: number, high: number) => () =>
  BigInt((((bits() & 1) << 31) | (int(low, high) << 23) | (bits() >>> 9)) >>> 0)
const ofNumbers = (draw: () => number) => () => floatBits(draw())

/** Draws of float32 operands, each of a character. */
export const contents: Readonly<Record<string, () => bigint>> = {
  plain: ofNumbers(() => bits() / 2 ** 31 - 1),
  positive: ofNumbers(() => bits() / 2 ** 32),
  'far from zero': ofNumbers(() => 1e5 + bits() / 2 ** 32),
  wide: ofFields(90, 165),
  subnormal: ofFields(0, 4),
  'with products that underflow': ofFields(55, 68),
  'with sums that overflow': ofFields(185, 192),
  constant: ofNumbers(() => 0.1),
  cancelling: ofNumbers(() => pick([1e10, -1e10, 1, -1, 1e-6])),
  'of zeros': ofNumbers(() => pick([0, -0, 1])),
}

/** Models of each operator. */
const models = 32
/** Elements judged of each model. */
const sample = 24

const scratch = new DataView(new ArrayBuffer(4))

const names = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
} as const
const widths: Readonly<Record<Dtype, number>> = {
  1: 4,
  2: 1,
  3: 1,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
}

/** The content of an input. */
export function bytesOf({ dtype, dims, draw }: Input): Uint8Array {
  const size = widths[dtype]
  const data = new Uint8Array(size * elementCount(dims))
  for (let i = 0; i < data.length; i += size) {
    const pattern = draw()
    for (let k = 0; k < size; k++)
      data[i + k] = Number((pattern >> BigInt(8 * k)) & 255n)
  }
  return data
}

function typedArray(dtype: Dtype, { buffer }: Uint8Array) {
  const arrays = {
    1: Float32Array,
    2: Uint8Array,
    3: Int8Array,
    6: Int32Array,
    7: BigInt64Array,
    9: Uint8Array,
    10: Uint16Array,
    11: Float64Array,
  } as const
  return new arrays[dtype](buffer as ArrayBuffer)
}

/** What the runtime gives for a model of one node: the bytes of each output. */
async function run(
  operator: string,
  { inputs, attributes = {}, opset = 21 }: Form,
  data: readonly Uint8Array[],
  form: OperatorForm,
): Promise<Uint8Array[]> {
  const outputs = form.outputs.map((_, i) => `y${i}`)
  const model = encodeOnnx({
    opset,
    irVersion: 10,
    inputs: inputs.flatMap((input, i) =>
      input ? [{ name: `x${i}`, dtype: input.dtype, dims: input.dims }] : [],
    ),
    outputs,
    weights: new Map(),
    nodes: [
      {
        name: '',
        operator,
        domain: '',
        inputs: inputs.map((input, i) => (input ? `x${i}` : '')),
        outputs,
        attributes: new Map(Object.entries(attributes)),
      },
    ],
    declared: new Map(
      form.outputs.map(({ dtype }, i) => [
        `y${i}`,
        { name: `y${i}`, dtype, dims: undefined },
      ]),
    ),
    metadata: new Map(),
  })
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  try {
    const feeds = inputs.flatMap((input, i) =>
      input
        ? [
            [
              `x${i}`,
              new Tensor(
                names[input.dtype],
                typedArray(input.dtype, data[i] as Uint8Array),
                [...input.dims],
              ),
            ] as const,
          ]
        : [],
    )
    const result = await session.run(Object.fromEntries(feeds))
    return form.outputs.map(({ dims }, i) => {
      const tensor = result[`y${i}`]
      expect(tensor?.dims).toEqual(dims)
      const view = tensor?.data as Float32Array
      return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    })
  } finally {
    await session.release()
  }
}

const natural = (dtype: Dtype, dims: readonly number[]): TensorType => ({
  dtype,
  dims,
  perm: dims.map((_, k) => k),
})

function patternAt(data: Uint8Array, index: number, dtype: Dtype): bigint {
  const size = widths[dtype]
  let pattern = 0n
  for (let k = size - 1; k >= 0; k--)
    pattern = (pattern << 8n) | BigInt(data[index * size + k] as number)
  return pattern
}

/** The form of a node; `undefined` where it is refused. */
export function formOf(
  operator: Operator,
  name: string,
  form: Form,
  data: readonly Uint8Array[],
): OperatorForm | undefined {
  try {
    return operator.form({
      operator: name,
      opset: form.opset ?? 21,
      attributes: new Map<string, OperatorAttribute>(
        Object.entries(form.attributes ?? {}),
      ),
      inputs: form.inputs.map(
        (input, i) =>
          input && {
            dtype: input.dtype,
            dims: input.dims,
            constant: input.constant
              ? typedArray(input.dtype, data[i] as Uint8Array)
              : undefined,
          },
      ),
      outputs: 1,
    })
  } catch (error) {
    if (error instanceof OperatorError) return undefined
    throw error
  }
}

function numberOf(key: bigint): number {
  scratch.setUint32(0, Number(key < 0n ? 2n ** 31n - key : key))
  return scratch.getFloat32(0)
}

function hasSubnormal(read: Uint8Array): boolean {
  const words = new Uint32Array(read.slice().buffer)
  return words.some(
    (word) => (word & 0x7f800000) === 0 && (word & 0x7fffff) !== 0,
  )
}

/**
 * Runs models of one operator and judges sampled elements: each is in its set,
 * and in the inner half of it where the set is more than a rounding wide.
 */
export async function judgeOperator(
  name: string,
  make: () => Form,
): Promise<void> {
  const operator = operatorOf(name)
  if (operator === undefined) throw new Error(name)
  let judged = 0
  let poison = 0
  let largest = 0
  for (let model = 0; model < models; model++) {
    const form = make()
    const data = form.inputs.map((input) =>
      input ? bytesOf(input) : new Uint8Array(0),
    )
    const entry = formOf(operator, name, form, data)
    if (entry === undefined) continue
    const results = await run(name, form, data, entry)
    for (let k = 0; k < sample; k++) {
      const output = bits() % results.length
      const { dtype, dims } = entry.outputs[output] as TensorType
      const element = bits() % elementCount(dims)
      const query = {
        opcode: entry.opcode,
        attributes: entry.attributes,
        inputs: entry.inputs.map((i) => {
          const input = form.inputs[i]
          return input && natural(input.dtype, input.dims)
        }),
        outputs: entry.outputs.map((type) => natural(type.dtype, type.dims)),
        output,
        element,
      }
      const ranges = operator.checker.ranges(query)
      const operands = entry.inputs.map((input, slot) => {
        const size = widths[form.inputs[input]?.dtype ?? 2]
        const parts = ranges
          .filter(({ operand }) => operand === slot)
          .flatMap(({ first, count, stride }) =>
            Array.from({ length: count }, (_, i) => {
              const at = (first + i * stride) * size
              return [...(data[input] as Uint8Array).slice(at, at + size)]
            }).flat(),
          )
        return { data: Uint8Array.from(parts), derived: [] }
      })
      const honest = operator.checker.evaluate(query, operands)
      const claimed = patternAt(results[output] as Uint8Array, element, dtype)
      expect(
        isHonest(honest, claimed, dtype),
        `${name} ${claimed} in ${honest.kind} ${honest.low}..${honest.high}, ${JSON.stringify([query, operands.map((operand) => [...operand.data])])}`,
      ).toBe(true)
      judged += 1
      if (honest.kind === 'any') poison += 1
      // C0: a subnormal operand stands for all values down to 0, and an honest
      // machine that keeps it is at an end of the set.
      const flushes = operands.some(
        ({ data: read }, slot) =>
          query.inputs[slot]?.dtype === 1 && hasSubnormal(read),
      )
      if (honest.kind !== 'float' || dtype !== 1 || flushes) continue
      scratch.setUint32(0, Number(claimed))
      const [low, high] = [numberOf(honest.low), numberOf(honest.high)]
      const value = scratch.getFloat32(0)
      // The last place of a correct rounding is not counted.
      const ulp = Math.max(Math.abs(value) * 2 ** -23, 2 ** -126)
      const room = (high - low) / 2
      if (Number.isFinite(room) && room > ulp)
        largest = Math.max(
          largest,
          (Math.abs(value - low / 2 - high / 2) - ulp) / room,
        )
    }
  }
  expect(judged).toBeGreaterThan(sample * 8)
  // A test that poison decides would measure nothing.
  expect(poison).toBeLessThan(judged / 2)
  // RULES C: honest runs stay in the inner half.
  expect(largest).toBeLessThan(0.5 + 2 ** -20)
}
