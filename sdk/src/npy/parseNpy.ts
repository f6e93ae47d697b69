import { LynodeError } from '../errors/lynodeError.js'
import { toLogical } from '../tensor/permuteBytes.js'
import { byteLength, elementBytes, identityPerm } from '../tensor/tensorType.js'
import { type Dtype, dtypes, type TensorType } from '../types/tensorType.js'

/** An array of an .npy file: logical row-major bytes, little-endian. */
export type NpyArray = {
  dtype: Dtype
  dims: number[]
  data: Uint8Array
}

/** numpy's type codes, without the byte order. */
const typeCodes: Record<string, Dtype> = {
  f4: dtypes.float32,
  f8: dtypes.float64,
  f2: dtypes.float16,
  u1: dtypes.uint8,
  i1: dtypes.int8,
  i4: dtypes.int32,
  i8: dtypes.int64,
  b1: dtypes.bool,
}

/** Above this an array is no input of any model that is admitted. */
const maxBytes = 2 ** 31

/**
 * Reads an .npy file of versions 1 to 3. Fortran-ordered arrays are converted to
 * row-major order, big-endian ones to little-endian; types that no tensor has are
 * refused.
 *
 * @param file - Content of the file.
 * @returns Element type, shape and little-endian row-major bytes.
 * @throws LynodeError `LY-INP-001` with what is wrong.
 * @example
 * const { dims, data } = parseNpy(new Uint8Array(await npyFile.arrayBuffer()))
 */
export function parseNpy(file: Uint8Array): NpyArray {
  const { header, start } = readHeader(file)
  const order = header.descr[0] ?? ''
  const dtype = typeCodes[header.descr.slice(1)]
  if (dtype === undefined || !'<>|='.includes(order))
    throw new LynodeError('LY-INP-001', {
      details: `type ${header.descr} is no element type of a tensor`,
      remedy:
        'Convert the array first, for instance with `x.astype(numpy.float32)`.',
    })
  const { dims } = header
  const type: TensorType = { dtype, dims, perm: identityPerm(dims.length) }
  const bytes = byteLength(type)
  if (!(bytes <= maxBytes))
    throw malformed(`shape ${dims.join('x')} is too large`)
  const found = file.length - start
  if (found !== bytes)
    throw malformed(
      `${found} bytes of data where the shape ${dims.join('x') || 'of a scalar'} needs ${bytes}${found < bytes ? ': the file is truncated' : ''}`,
    )
  const data = file.slice(start)
  if (order === '>') swapBytes(data, elementBytes(dtype) ?? 1)
  return {
    dtype,
    dims,
    data: header.fortran ? fromFortran(type, data) : data,
  }
}

/** Column-major bytes are what a tensor with its axes reversed commits to. */
function fromFortran(type: TensorType, data: Uint8Array): Uint8Array {
  return toLogical({ ...type, perm: [...type.perm].reverse() }, data)
}

/** Turns each element of so many bytes round. */
function swapBytes(data: Uint8Array, width: number): void {
  for (let start = 0; start < data.length; start += width)
    for (let i = start, j = start + width - 1; i < j; i++, j--) {
      const byte = data[i]!
      data[i] = data[j]!
      data[j] = byte
    }
}

type Header = { descr: string; fortran: boolean; dims: number[] }

function readHeader(file: Uint8Array): { header: Header; start: number } {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  if (file.length < 10 || magic.some((byte, index) => file[index] !== byte))
    throw malformed('it does not begin like an .npy file')
  const version = file[6] ?? 0
  if (version < 1 || version > 3)
    throw malformed(`version ${version} is unknown`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const long = version > 1
  if (long && file.length < 12) throw malformed('the header is truncated')
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true)
  const start = (long ? 12 : 10) + length
  if (start > file.length) throw malformed('the header is truncated')
  const text = new TextDecoder().decode(file.subarray(long ? 12 : 10, start))
  return { header: parseHeader(text), start }
}

/** The header is a Python literal of exactly three keys. */
function parseHeader(text: string): Header {
  const descr = /'descr'\s*:\s*'([^']{2,8})'/.exec(text)?.[1]
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1]
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1]
  if (descr === undefined || fortran === undefined || shape === undefined)
    throw malformed('the header is not one of a plain array')
  const dims = shape
    .split(',')
    .map((dim) => dim.trim().replace(/L$/, ''))
    .filter((dim) => dim !== '')
    .map(Number)
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 1))
    throw malformed(`shape (${shape}) has an axis without elements`)
  if (dims.length > 16) throw malformed(`it has ${dims.length} axes`)
  return { descr, fortran: fortran === 'True', dims }
}

function malformed(details: string): LynodeError {
  return new LynodeError('LY-INP-001', { details })
}
