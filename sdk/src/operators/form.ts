import { dtypes, type TensorType } from '../types/tensorType.js'
import {
  type InputType,
  OperatorError,
  type OperatorForm,
  type OperatorNode,
} from './operator.js'
import { broadcastDims } from './shape.js'

// What the `form` functions of operators share: reading attributes and constant
// inputs, and the type of elementwise results.

type Dtype = TensorType['dtype']

/** Element types of arithmetic: float32, and integers that wrap (C4). */
export const arithmeticTypes: readonly Dtype[] = [
  dtypes.float32,
  dtypes.int32,
  dtypes.int64,
  dtypes.int8,
  dtypes.uint8,
]

/** Only float32. */
export const floatOnly: readonly Dtype[] = [dtypes.float32]

/** Only bool. */
export const boolOnly: readonly Dtype[] = [dtypes.bool]

/** What Equal compares. */
export const comparableTypes: readonly Dtype[] = [
  ...arithmeticTypes,
  dtypes.bool,
]

/** Every element type that a manifest may hold. */
export const allTypes: readonly Dtype[] = Object.values(dtypes)

/** An input that must be there, of one of the element types. */
export function inputOf(
  node: OperatorNode,
  index: number,
  types: readonly Dtype[],
): InputType {
  const input = node.inputs[index]
  if (input === undefined)
    throw new OperatorError(`${node.operator} has no input ${index}`)
  if (!types.includes(input.dtype))
    throw new OperatorError(
      `${node.operator} of element type ${nameOf(input.dtype)} has no checker`,
    )
  return input
}

function nameOf(dtype: number): string {
  const entry = Object.entries(dtypes).find(([, code]) => code === dtype)
  return entry?.[0] ?? `code ${dtype}`
}

/** An integer attribute, or its default; throws where it has neither. */
export function intOf(
  node: OperatorNode,
  name: string,
  fallback?: number,
): number {
  const attribute = node.attributes.get(name)
  if (attribute?.type === 'int') return Number(attribute.value)
  if (attribute === undefined && fallback !== undefined) return fallback
  throw new OperatorError(`${node.operator} has no integer attribute ${name}`)
}

/** A list of integers; `undefined` where the node does not name it. */
export function intsOf(node: OperatorNode, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  if (attribute === undefined) return undefined
  if (attribute.type === 'ints') return attribute.value.map(Number)
  throw new OperatorError(`${node.operator}: ${name} is no list of integers`)
}

/** A float attribute, or its default. */
export function floatOf(
  node: OperatorNode,
  name: string,
  fallback: number,
): number {
  const attribute = node.attributes.get(name)
  if (attribute === undefined) return fallback
  if (attribute.type === 'float') return attribute.value
  throw new OperatorError(`${node.operator}: ${name} is no float`)
}

/** A string attribute, or its default. */
export function stringOf(
  node: OperatorNode,
  name: string,
  fallback: string,
): string {
  const attribute = node.attributes.get(name)
  if (attribute === undefined) return fallback
  if (attribute.type === 'string') return attribute.value
  throw new OperatorError(`${node.operator}: ${name} is no string`)
}

/** Content of an input that must be constant; `undefined` where it is absent. */
export function constantOf(
  node: OperatorNode,
  index: number,
): number[] | undefined {
  const input = node.inputs[index]
  if (input === undefined) return undefined
  // C5: a requester picks the inputs, so nothing that shapes the work may depend on them.
  if (input.constant === undefined)
    throw new OperatorError(
      `${node.operator}: input ${index} must be a constant`,
      index,
    )
  return Array.from<number | bigint, number>(input.constant, Number)
}

/** A non-negative axis. */
export function axisOf(node: OperatorNode, axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(result) || result < 0 || result >= rank)
    throw new OperatorError(
      `${node.operator}: axis ${axis} is outside rank ${rank}`,
    )
  return result
}

/** Bit pattern of a float32 attribute as a signed 32-bit word. */
export function floatWord(value: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return view.getInt32(0)
}

/** A number as an attribute word; throws where 32 bits do not hold it. */
export function wordOf(node: OperatorNode, value: number): number {
  if (!Number.isInteger(value) || value !== (value | 0))
    throw new OperatorError(
      `${node.operator}: attribute ${value} does not fit 32 bits`,
    )
  return value
}

/** Form of an operator whose inputs broadcast to one output of their type. */
export function elementwiseForm(
  node: OperatorNode,
  opcode: number,
  inputs: number,
  types: readonly Dtype[],
  attributes: readonly number[] = [],
): OperatorForm {
  const kept = Array.from({ length: inputs }, (_, i) => i)
  const given = kept.map((i) => inputOf(node, i, types))
  const dtype = (given[0] as InputType).dtype
  if (given.some((input) => input.dtype !== dtype))
    throw new OperatorError(`${node.operator}: inputs differ in element type`)
  return {
    opcode,
    attributes,
    inputs: kept,
    outputs: [{ dtype, dims: broadcastDims(given.map(({ dims }) => dims)) }],
    layouts: new Array(inputs + 1).fill(undefined),
  }
}

/** Bit pattern of a finite float attribute. */
export function finiteFloatWord(
  node: OperatorNode,
  name: string,
  fallback: number,
): number {
  const value = floatOf(node, name, fallback)
  if (!Number.isFinite(Math.fround(value)))
    throw new OperatorError(`${node.operator}: ${name} is not finite`)
  return floatWord(value)
}

/** Form of an elementwise operator whose output is bool. */
export function predicateForm(
  node: OperatorNode,
  opcode: number,
  inputs: number,
  types: readonly Dtype[],
): OperatorForm {
  const form = elementwiseForm(node, opcode, inputs, types)
  const outputs = form.outputs.map(({ dims }) => ({ dtype: dtypes.bool, dims }))
  return { ...form, outputs }
}
