import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteLength } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'
import { encodeNpy } from './encodeNpy.js'
import { parseNpy } from './parseNpy.js'

const arrays = fc
  .record({
    dtype: fc.constantFrom(...Object.values(dtypes)),
    dims: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
  })
  .chain(({ dtype, dims }) => {
    const bytes = byteLength({ dtype, dims, perm: [] })
    return fc.record({
      dtype: fc.constant(dtype),
      dims: fc.constant(dims),
      data: fc.uint8Array({ minLength: bytes, maxLength: bytes }),
    })
  })

test('default: what is written reads back', () => {
  fc.assert(
    fc.property(arrays, (array) => {
      const file = encodeNpy(array)
      expect((file.length - array.data.length) % 64).toBe(0)
      expect(parseNpy(file)).toEqual(array)
    }),
  )
})

test('behavior: a Fortran-ordered array is converted, never misread', () => {
  // numpy: numpy.asfortranarray([[1, 2, 3], [4, 5, 6]], dtype='u1')
  const file = npy(
    "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
    [1, 4, 2, 5, 3, 6],
  )
  expect(parseNpy(file)).toEqual({
    dtype: dtypes.uint8,
    dims: [2, 3],
    data: Uint8Array.of(1, 2, 3, 4, 5, 6),
  })
})

test('behavior: big-endian elements are turned round', () => {
  // numpy: numpy.asfortranarray([[1, 2, 3], [4, 5, 258]], dtype='>i4')
  const file = npy(
    "{'descr': '>i4', 'fortran_order': True, 'shape': (2, 3), }",
    [1, 4, 2, 5, 3, 258].flatMap((n) => [0, 0, n >> 8, n & 255]),
  )
  expect(parseNpy(file)).toEqual({
    dtype: dtypes.int32,
    dims: [2, 3],
    data: new Uint8Array(Int32Array.of(1, 2, 3, 4, 5, 258).buffer),
  })
})

test('behavior: version 2, and a scalar', () => {
  const text = "{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n"
  const file = new Uint8Array(12 + text.length + 1)
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, text.length])
  file.set(new TextEncoder().encode(text), 12)
  file[file.length - 1] = 1
  expect(parseNpy(file)).toEqual({
    dtype: dtypes.bool,
    dims: [],
    data: Uint8Array.of(1),
  })
})

describe('error: files that are refused', () => {
  const good = encodeNpy({
    dtype: dtypes.float32,
    dims: [2],
    data: new Uint8Array(8),
  })

  test('behavior: cut anywhere', () => {
    for (let length = 0; length < good.length; length++)
      expect(() => parseNpy(good.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'LY-INP-001' }),
      )
  })

  test.each([
    ['bytes too many', Uint8Array.of(...good, 0)],
    ['another magic', patched(good, 1, 0)],
    ['an unknown version', patched(good, 6, 9)],
    ['a type that no tensor has', header("'<c8'", 'False', '(1,)')],
    ['objects', header("'|O'", 'False', '(1,)')],
    ['fields', header("[('a', '<f4')]", 'False', '(2,)')],
    ['no order', header("'<f4'", 'Maybe', '(2,)')],
    ['an empty axis', header("'<f4'", 'False', '(0, 2)')],
    ['a huge shape', header("'<f4'", 'False', '(1048576, 1048576)')],
    ['an overflowing shape', header("'<f4'", 'False', `(${'9'.repeat(400)},)`)],
  ])('%s', (_, file) => {
    expect(() => parseNpy(file)).toThrow(
      expect.objectContaining({ code: 'LY-INP-001' }),
    )
  })

  function header(descr: string, order: string, shape: string) {
    return npy(
      `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`,
      [0, 0, 0, 0, 0, 0, 0, 0],
    )
  }
})

function npy(text: string, data: readonly number[]) {
  const header = `${text}\n`
  const file = new Uint8Array(10 + header.length + data.length)
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
  new DataView(file.buffer).setUint16(8, header.length, true)
  file.set(new TextEncoder().encode(header), 10)
  file.set(data, 10 + header.length)
  return file
}

function patched(file: Uint8Array, at: number, byte: number) {
  const copy = file.slice()
  copy[at] = byte
  return copy
}
