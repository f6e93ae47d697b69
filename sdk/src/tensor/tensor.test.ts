import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { committedIndex, logicalIndex } from './committedIndex.js'
import { toCommitted, toLogical } from './permuteBytes.js'
import { tensorHeader, tensorRoot, tensorRootOf } from './tensorRoot.js'
import { byteLength, elementBytes, elementCount } from './tensorType.js'

const tensor = fc
  .tuple(
    fc.constantFrom(...Object.values(dtypes)),
    fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }),
  )
  .chain(([dtype, dims]) =>
    fc
      .shuffledSubarray(
        dims.map((_, axis) => axis),
        { minLength: dims.length },
      )
      .map((perm): TensorType => ({ dtype, dims, perm })),
  )
  .chain((type) =>
    fc.record({
      type: fc.constant(type),
      bytes: fc.uint8Array({
        minLength: byteLength(type),
        maxLength: byteLength(type),
      }),
    }),
  )

test('default: committed bytes hold each element at its committed index', () => {
  fc.assert(
    fc.property(tensor, ({ type, bytes }) => {
      const committed = toCommitted(type, bytes)
      const size = elementBytes(type.dtype)!
      for (let i = 0; i < elementCount(type.dims); i++) {
        const at = committedIndex(type, i)
        expect(logicalIndex(type, at)).toBe(i)
        expect(committed.slice(at * size, (at + 1) * size)).toEqual(
          bytes.slice(i * size, (i + 1) * size),
        )
      }
      expect(toLogical(type, committed)).toEqual(bytes)
    }),
    { numRuns: 80 },
  )
})

test('behavior: tiles larger than one, and bytes that are not aligned', () => {
  const type: TensorType = {
    dtype: dtypes.float32,
    dims: [1, 67, 3, 45],
    perm: [0, 2, 3, 1],
  }
  const bytes = new Uint8Array(byteLength(type) + 1).subarray(1)
  const view = new DataView(bytes.buffer, 1)
  for (let i = 0; i < 67 * 3 * 45; i++) view.setUint32(4 * i, i, true)
  const committed = toCommitted(type, bytes)
  const words = new DataView(committed.buffer, committed.byteOffset)
  for (let i = 0; i < 67 * 3 * 45; i++)
    expect(words.getUint32(4 * committedIndex(type, i), true)).toBe(i)
  expect(toLogical(type, committed)).toEqual(bytes.slice())
})

test('behavior: the header is dtype, rank, dims, perm (B2)', () => {
  expect(
    tensorHeader({ dtype: dtypes.int64, dims: [258, 3], perm: [1, 0] }),
  ).toEqual(Uint8Array.of(7, 2, 2, 1, 0, 0, 3, 0, 0, 0, 1, 0))
  expect(tensorHeader({ dtype: dtypes.float32, dims: [], perm: [] })).toEqual(
    Uint8Array.of(1, 0),
  )
})

test('behavior: the root binds dtype, shape and layout (B1)', () => {
  const bytes = new Uint8Array(16)
  const roots = [
    { dtype: dtypes.float32, dims: [4], perm: [0] },
    { dtype: dtypes.int32, dims: [4], perm: [0] },
    { dtype: dtypes.float32, dims: [2, 2], perm: [0, 1] },
    { dtype: dtypes.float32, dims: [2, 2], perm: [1, 0] },
  ].map((type) => tensorRootOf(type as TensorType, bytes))
  expect(new Set(roots).size).toBe(4)
  expect(
    tensorRoot({ dtype: dtypes.float32, dims: [], perm: [] }, roots[0]!),
  ).toMatchInlineSnapshot(
    `"0x63158d9323fa98ea1aff0a299729a37324acbbf8eabc4085aae15b3d4bb5bcaf"`,
  )
})

test('error: another number of bytes', () => {
  expect(() =>
    toCommitted(
      { dtype: dtypes.float32, dims: [4], perm: [0] },
      new Uint8Array(15),
    ),
  ).toThrow('tensor has 16 bytes, got 15')
})
