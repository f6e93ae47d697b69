import { type Dtype, dtypes } from '../types/tensorType.js'
import type { NpyArray } from './parseNpy.js'

const typeCodes: Record<Dtype, string> = {
  [dtypes.float32]: '<f4',
  [dtypes.float64]: '<f8',
  [dtypes.float16]: '<f2',
  [dtypes.uint8]: '|u1',
  [dtypes.int8]: '|i1',
  [dtypes.int32]: '<i4',
  [dtypes.int64]: '<i8',
  [dtypes.bool]: '|b1',
}

/**
 * Writes an .npy file (version 1.0), as `numpy.load` reads it.
 *
 * @param array - Row-major little-endian bytes with their type and shape.
 * @example
 * const npy = encodeNpy({ dtype: dtypes.float32, dims: [2], data })
 */
export function encodeNpy({
  dtype,
  dims,
  data,
}: NpyArray): Uint8Array<ArrayBuffer> {
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`
  const text = `{'descr': '${typeCodes[dtype]}', 'fortran_order': False, 'shape': ${shape}, }`
  // The data begins at a multiple of 64; the header ends with a line feed.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const header = `${text.padEnd(length - 1, ' ')}\n`
  const file = new Uint8Array(10 + length + data.length)
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  new DataView(file.buffer).setUint16(8, length, true)
  file.set(new TextEncoder().encode(header), 10)
  file.set(data, 10 + length)
  return file
}
