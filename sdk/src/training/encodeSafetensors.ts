import type { GraphTensor } from '../onnx/graph.js'
import { dtypes } from '../types/tensorType.js'
import { unfitOptions } from './trainingErrors.js'

const names = new Map<number, string>([
  [dtypes.float32, 'F32'],
  [dtypes.float64, 'F64'],
  [dtypes.float16, 'F16'],
  [dtypes.int64, 'I64'],
  [dtypes.int32, 'I32'],
  [dtypes.int8, 'I8'],
  [dtypes.uint8, 'U8'],
  [dtypes.bool, 'BOOL'],
])

/**
 * A safetensors file: tensors by name, as other tools read them.
 *
 * @param metadata Free text by key.
 * @example
 * const checkpoint = encodeSafetensors(splitParameters(layout, new Uint8Array(48)))
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, GraphTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let at = 0
  for (const [name, { dtype, dims, bytes }] of tensors) {
    const type = names.get(dtype)
    if (type === undefined || name === '__metadata__')
      throw unfitOptions(`safetensors has no place for ${JSON.stringify(name)}`)
    header[name] = {
      dtype: type,
      shape: dims,
      data_offsets: [at, at + bytes.length],
    }
    at += bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // Data begins at a multiple of 8.
  const head = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + head + at).fill(0x20, 8, 8 + head)
  new DataView(file.buffer).setBigUint64(0, BigInt(head), true)
  file.set(text, 8)
  let place = 8 + head
  for (const { bytes } of tensors.values()) {
    file.set(bytes, place)
    place += bytes.length
  }
  return file
}
