import { expect, test } from 'vitest'
import { parseTensor } from './parseTensor.js'

/** `TensorProto`: dims 2 (field 1), float32 (2), name (8), raw data (9). */
function proto(...data: number[]): Uint8Array {
  const head = [0x08, 2, 0x10, 1, 0x42, 1, 0x78, 0x4a, data.length]
  return Uint8Array.from([...head, ...data])
}

test('default: a tensor of a file of its own', () => {
  const tensor = parseTensor(proto(0, 0, 128, 63, 0, 0, 0, 64))
  expect(tensor).toMatchObject({ name: 'x', dtype: 1, dims: [2] })
  expect([...new Float32Array(Uint8Array.from(tensor.bytes).buffer)]).toEqual([
    1, 2,
  ])
})

test('error: bytes that are no tensor, or not as many as its shape says', () => {
  for (const bytes of [proto(0, 0, 128, 63), Uint8Array.of(255, 255)])
    expect(() => parseTensor(bytes)).toThrow(
      expect.objectContaining({ code: 'LY-MDL-001' }),
    )
})
