import { checkerOf, operatorOf } from '../operators/index.js'
import type {
  InputType,
  Operand,
  OperatorAttribute,
} from '../operators/operator.js'
import { committedIndexOf, countOf } from '../operators/shape.js'
import { width } from '../operators/values.js'
import type { Arithmetic } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import type { Dtype, TensorType } from '../types/tensorType.js'
import type { Random, VectorCase } from './operatorVectors.js'

// Random nodes of the numeric families with adversarial operands: subnormals,
// both zeros, infinities, NaN payloads, cancelling sums, exponents and integers
// at both limits.

/** A random node of one operator. */
export type NumericRecipe = {
  /** File name of its vectors; the operator's unless it says so. */
  name: string
  operator?: string
  node: (random: Random) => NumericNode
  /** Float operands may be derived (B5: per-element operators only). */
  derived?: boolean
}

export type NumericNode = {
  opset?: number
  attributes?: Record<string, OperatorAttribute>
  inputs: (NumericInput | undefined)[]
  outputs?: number
}

/** An input, and how its elements are drawn. */
export type NumericInput = {
  dtype: Dtype
  dims: readonly number[]
  /** Bit patterns; default of the element type. */
  draw?: (random: Random) => bigint
  /** The form sees the content. */
  constant?: boolean
}

export const pick = <T>(random: Random, list: readonly T[]): T =>
  list[random() % list.length] as T

export const between = (random: Random, low: number, high: number): number =>
  low + (random() % (high - low + 1))

/** Up to `rank` sizes from 1 to `size`. */
export const dimsOf = (random: Random, rank: number, size = 4): number[] =>
  Array.from({ length: rank }, () => between(random, 1, size))

export const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
export const ints = (values: readonly number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})

const special = [
  0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000,
  0x3f800000, 0xbf800000, 0x3f000000, 0x40400000, 0x7f7fffff, 0xff7fffff,
  0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 0x7e800000, 0x33800000,
]

/** Bits of a float: special, anything, a whole number or one from 2^-8 to 2^7. */
export function anyFloat(random: Random): bigint {
  const kind = random() % 16
  if (kind === 0) return BigInt(pick(random, special))
  if (kind === 1) return BigInt(random())
  return calmFloat(random)
}

/** Bits of a finite float from 2^-8 to 2^7, or a small whole number. */
export function calmFloat(random: Random): bigint {
  if (random() % 8 === 0) return bitsOf(between(random, -9, 9))
  return BigInt(
    (((random() & 1) << 31) |
      (between(random, 119, 134) << 23) |
      (random() >>> 9)) >>>
      0,
  )
}

/** Bits of a positive scale, as quantisers choose it; a strange one now and then. */
export function scaleOf(random: Random): bigint {
  if (random() % 12 === 0) return anyFloat(random)
  // Powers of two make ties.
  const mantissa = random() & 1 ? 0 : random() >>> 9
  return BigInt(((between(random, 112, 130) << 23) | mantissa) >>> 0)
}

export function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return BigInt(view.getUint32(0))
}

/** Bits of an integer: small, at a limit, or anything. */
export function anyInteger(random: Random, dtype: Dtype): bigint {
  const size = BigInt(8 * width(dtype))
  const kind = random() % 8
  if (kind === 0) return 1n << (size - 1n)
  if (kind === 1) return (1n << (size - 1n)) - 1n
  if (kind < 5) return BigInt.asUintN(Number(size), BigInt(random() % 17) - 8n)
  return BigInt.asUintN(
    Number(size),
    (BigInt(random()) << 32n) | BigInt(random()),
  )
}

function drawn(random: Random, input: NumericInput): bigint {
  if (input.draw) return input.draw(random)
  if (input.dtype === 1) return anyFloat(random)
  if (input.dtype === 9) return BigInt(random() % 9 === 0 ? 2 : random() & 1)
  return anyInteger(random, input.dtype)
}

/** One element of a random node: the query, and the operands that it reads. */
export function caseOf(
  recipe: NumericRecipe,
  random: Random,
  arithmetic: Arithmetic,
): VectorCase {
  const name = recipe.operator ?? recipe.name
  const node = recipe.node(random)
  const operator = operatorOf(name)
  if (operator === undefined) throw new Error(`no operator ${name}`)
  const contents = node.inputs.map((input) =>
    input === undefined
      ? []
      : Array.from({ length: countOf(input.dims) }, () => drawn(random, input)),
  )
  const form = operator.form({
    operator: name,
    opset: node.opset ?? 21,
    attributes: new Map(Object.entries(node.attributes ?? {})),
    inputs: node.inputs.map(
      (input, i): InputType | undefined =>
        input && {
          dtype: input.dtype,
          dims: input.dims,
          constant: input.constant
            ? numbersOf(contents[i] as bigint[], input.dtype)
            : undefined,
        },
    ),
    outputs: node.outputs ?? 1,
  })
  const typed = (
    { dtype, dims }: { dtype: Dtype; dims: readonly number[] },
    layout: readonly number[] | undefined,
  ): TensorType => ({
    dtype,
    dims,
    perm: random() & 1 && layout ? layout : permOf(random, dims.length),
  })
  const inputs = form.inputs.map((i, kept) => {
    const input = node.inputs[i]
    return input && typed(input, form.layouts[kept])
  })
  const outputs = form.outputs.map((type) => typed(type, undefined))
  const output = random() % outputs.length
  const query = {
    opcode: form.opcode,
    attributes: form.attributes,
    inputs,
    outputs,
    output,
    element: random() % countOf((outputs[output] as TensorType).dims),
    arithmetic,
  }
  const ranges = checkerOf(form.opcode)?.ranges(query) ?? []
  const operands = inputs.map((type, kept): Operand => {
    const own = ranges.filter(({ operand }) => operand === kept)
    if (type === undefined || own.length === 0)
      return { data: new Uint8Array(0), derived: [] }
    const content = contents[form.inputs[kept] as number] as bigint[]
    const committed = new Map(
      content.map((bits, logical) => [committedIndexOf(type, logical), bits]),
    )
    const elements = own.flatMap(({ first, count, stride }) =>
      Array.from(
        { length: count },
        (_, i) => committed.get(first + i * stride) as bigint,
      ),
    )
    if (recipe.derived && type.dtype === 1 && random() % 5 === 0)
      return {
        data: new Uint8Array(0),
        derived: elements.map((bits) => around(random, bits)),
      }
    return { data: packed(elements, width(type.dtype)), derived: [] }
  })
  return { query, operands }
}

/** An interval of keys from the float on. */
function around(random: Random, bits: bigint): Interval {
  const end = 0x7f800000n
  const key = bits < 1n << 31n ? bits : (1n << 31n) - bits
  if (random() % 8 === 0 || key > end || key < -end)
    return { kind: 'any', low: 0n, high: 0n }
  const high = key + BigInt(random() & 1 ? random() % 64 : random())
  return { kind: 'float', low: key, high: high > end ? end : high }
}

function packed(elements: readonly bigint[], size: number): Uint8Array {
  const data = new Uint8Array(size * elements.length)
  elements.forEach((bits, i) => {
    for (let k = 0; k < size; k++)
      data[size * i + k] = Number((bits >> BigInt(8 * k)) & 255n)
  })
  return data
}

function numbersOf(
  content: readonly bigint[],
  dtype: Dtype,
): number[] | bigint[] {
  if (dtype === 7) return content.map((bits) => BigInt.asIntN(64, bits))
  const view = new DataView(new ArrayBuffer(4))
  return content.map((bits) => {
    if (dtype === 3 || dtype === 6)
      return Number(BigInt.asIntN(8 * width(dtype), bits))
    if (dtype !== 1) return Number(bits)
    view.setUint32(0, Number(bits))
    return view.getFloat32(0)
  })
}

function permOf(random: Random, rank: number): number[] {
  const perm = Array.from({ length: rank }, (_, k) => k)
  for (let k = rank - 1; k > 0; k--) {
    const other = random() % (k + 1)
    ;[perm[k], perm[other]] = [perm[other] as number, perm[k] as number]
  }
  return perm
}
