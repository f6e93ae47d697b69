import {
  type Dtype,
  dtypeName,
  dtypes,
  elementCount,
  LynodeError,
  type NpyArray,
  type TensorOutput,
  toTensor,
} from '@lynode/sdk'

/**
 * Bytes of a tensor from its JSON: elements in row-major order, flat or nested by
 * axes. Nothing is rounded that JSON did not round already.
 *
 * @throws LynodeError `LY-INP-002` or `LY-INP-003`.
 */
export function readElements(
  name: string,
  dtype: Dtype,
  shape: readonly number[],
  data: unknown,
): NpyArray['data'] {
  const flat: unknown[] = []
  flatten(name, data, shape.length, elementCount(shape), flat)
  const kind = dtypeName(dtype)
  if (kind === 'float16')
    throw new LynodeError('LY-INP-002', {
      details: `${name}: FP16 travels as binary data only`,
    })
  const elements = flat.map((element) => {
    if (kind === 'bool') return element
    if (typeof element !== 'number')
      throw new LynodeError('LY-INP-002', {
        details: `${name}: ${JSON.stringify(element)?.slice(0, 40)} is no number`,
      })
    if (kind !== 'int64') return element
    if (!Number.isSafeInteger(element))
      throw new LynodeError('LY-INP-002', {
        details: `${name}: JSON does not keep ${element} exactly; send it as binary data`,
      })
    return BigInt(element)
  })
  const { data: bytes } = toTensor(name, kind, shape, elements as number[])
  if (kind === 'float32')
    for (const value of new Float32Array(bytes.buffer))
      if (!Number.isFinite(value))
        throw new LynodeError('LY-INP-002', {
          details: `${name}: a number is above the range of FP32`,
        })
  return bytes
}

function flatten(
  name: string,
  data: unknown,
  depth: number,
  most: number,
  into: unknown[],
): void {
  if (!Array.isArray(data)) {
    // A scalar stands alone only where there are no axes.
    if (into.length >= most || depth < 0) throw tooMany(name, most)
    into.push(data)
    return
  }
  const flat = data.every((element) => !Array.isArray(element))
  if (!flat && depth < 1) throw tooMany(name, most)
  if (into.length + (flat ? data.length : 0) > most) throw tooMany(name, most)
  for (const element of data) flatten(name, element, depth - 1, most, into)
}

function tooMany(name: string, most: number): LynodeError {
  return new LynodeError('LY-INP-003', {
    details: `${name} has more elements, or more axes, than its shape of ${most} elements`,
  })
}

/**
 * The elements of an output as JSON text. JSON has no NaN and no infinities:
 * they are `null`, and binary data keeps them.
 */
export function elementsJson({ dtype, data }: TensorOutput): string {
  if (dtype === 'bool') return `[${Array.from(data, (byte) => byte !== 0)}]`
  if (dtype === 'float32' || dtype === 'float64')
    return `[${Array.from(data, numberJson)}]`
  return `[${data.join()}]`
}

function numberJson(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Whether elements of a type can travel as JSON. */
export function hasJson({ dtype }: TensorOutput): boolean {
  return dtypes[dtype] !== dtypes.float16
}
