import { LynodeError } from '../errors/lynodeError.js'
import type { NpyArray } from '../npy/parseNpy.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import { type Dtype, type DtypeName, dtypes } from '../types/tensorType.js'

/** The typed array of each element type; float16 has its bits, bool 0 and 1. */
export type TypedArrays = {
  float32: Float32Array<ArrayBuffer>
  uint8: Uint8Array<ArrayBuffer>
  int8: Int8Array<ArrayBuffer>
  int32: Int32Array<ArrayBuffer>
  int64: BigInt64Array<ArrayBuffer>
  bool: Uint8Array<ArrayBuffer>
  float16: Uint16Array<ArrayBuffer>
  float64: Float64Array<ArrayBuffer>
}

/** What a person writes for elements of a type, in row-major order. */
type Elements = {
  float32: readonly number[]
  uint8: readonly number[]
  int8: readonly number[]
  int32: readonly number[]
  int64: readonly bigint[]
  bool: readonly boolean[]
  float16: never
  float64: readonly number[]
}

/** An input of a given element type: a typed array, plain numbers, or bytes with their type. */
export type TensorInput<dtype extends DtypeName = DtypeName> =
  dtype extends DtypeName
    ? TypedArrays[dtype] | Elements[dtype] | NpyArray
    : never

/** An output: its shape and its elements in row-major order. */
export type TensorOutput<dtype extends DtypeName = DtypeName> =
  dtype extends DtypeName
    ? { dtype: dtype; dims: readonly number[]; data: TypedArrays[dtype] }
    : never

const constructors = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
} as const

/**
 * Name of an element type by its ONNX code.
 *
 * @example
 * dtypeName(1) // 'float32'
 */
export function dtypeName(dtype: Dtype): DtypeName {
  for (const [name, code] of Object.entries(dtypes))
    if (code === dtype) return name as DtypeName
  throw new RangeError(`${dtype} is no element type`)
}

/**
 * Views little-endian bytes as the elements that they are.
 *
 * @example
 * toTypedArray('float32', new Uint8Array([0, 0, 128, 63])) // Float32Array [1]
 */
export function toTypedArray<dtype extends DtypeName>(
  dtype: dtype,
  bytes: Uint8Array,
): TypedArrays[dtype] {
  // A copy starts where every element type may start.
  const { buffer } = new Uint8Array(bytes)
  return new constructors[dtype](buffer) as TypedArrays[dtype]
}

/**
 * The bytes of an input; nothing is converted or rounded silently.
 *
 * @param input - A typed array of this element type, plain elements in row-major
 * order, or bytes with type and shape.
 * @throws LynodeError `LY-INP-002` for elements of another type or out of its
 * range, `LY-INP-003` for another shape or number of elements.
 * @example
 * toTensor('x', 'float32', [1, 2], [0.5, 2]) // { dtype: 1, dims: [1, 2], data: Uint8Array(8) }
 */
export function toTensor(
  name: string,
  dtype: DtypeName,
  dims: readonly number[],
  input: TensorInput,
): NpyArray {
  const code = dtypes[dtype]
  if (isBytes(input)) {
    if (input.dtype !== code)
      throw new LynodeError('LY-INP-002', {
        details: `${name} is ${dtypeName(input.dtype)}, the model wants ${dtype}`,
      })
    if (input.dims.join() !== dims.join())
      throw new LynodeError('LY-INP-003', {
        details: `${name} has shape ${shape(input.dims)}, the model wants ${shape(dims)}`,
      })
    const expected = elementCount(dims) * (elementBytes(code) ?? Number.NaN)
    if (input.data.length !== expected)
      throw new LynodeError('LY-INP-003', {
        details: `${name} has ${input.data.length} bytes, its shape wants ${expected}`,
      })
    return input
  }
  const array = ArrayBuffer.isView(input)
    ? input
    : fromElements(name, dtype, input)
  if (!(array instanceof constructors[dtype]))
    throw new LynodeError('LY-INP-002', {
      details: `${name} is a ${array.constructor.name}, the model wants ${dtype}: a ${constructors[dtype].name}`,
    })
  const count = elementCount(dims)
  if (array.length !== count)
    throw new LynodeError('LY-INP-003', {
      details: `${name} has ${array.length} elements, the shape ${shape(dims)} of the model wants ${count}`,
    })
  const data = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  return { dtype: code, dims: [...dims], data }
}

function isBytes(input: TensorInput): input is NpyArray {
  return !ArrayBuffer.isView(input) && !Array.isArray(input)
}

function fromElements(
  name: string,
  dtype: DtypeName,
  elements: readonly unknown[],
): TypedArrays[DtypeName] {
  const wrong = (what: string) =>
    new LynodeError('LY-INP-002', { details: `${name}: ${what}` })
  const kind =
    dtype === 'int64' ? 'bigint' : dtype === 'bool' ? 'boolean' : 'number'
  if (dtype === 'float16')
    throw wrong('float16 takes its bits in a Uint16Array')
  const other = elements.find((element) => typeof element !== kind)
  if (other !== undefined)
    throw wrong(`${String(other)} is no ${kind}, the model wants ${dtype}`)
  const array =
    dtype === 'int64'
      ? BigInt64Array.from(elements as bigint[])
      : constructors[dtype].from(elements as number[])
  if (dtype === 'float32' || dtype === 'float64' || dtype === 'bool')
    return array
  // Integers wrap in a typed array; nobody means that.
  const changed = elements.findIndex((element, i) => array[i] !== element)
  if (changed >= 0) throw wrong(`${String(elements[changed])} is no ${dtype}`)
  return array
}

function shape(dims: readonly number[]): string {
  return `(${dims.join(', ')})`
}
