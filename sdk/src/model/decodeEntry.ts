import { bytesToHex } from '../hash/hex.js'
import { elementBytes, elementCount, isPerm } from '../tensor/tensorType.js'
import type { ManifestNode, ManifestValue } from '../types/manifest.js'
import type { Dtype, TensorType } from '../types/tensorType.js'

/**
 * Reads a value entry; only canonical bytes are accepted. Twin of
 * `ManifestCodec.decodeValue`. Names are not in entries: it has none.
 *
 * @throws RangeError when the bytes are malformed.
 * @example
 * decodeValue(encodeValue(value)).kind // 'input'
 */
export function decodeValue(entry: Uint8Array): ManifestValue {
  const reader = readerOf(entry)
  if (reader.u8() !== 0x10) throw malformed()
  const kind = reader.u8()
  const flags = reader.u8()
  if (flags > 1) throw malformed()
  const base = { name: '', boundary: flags === 1, type: reader.header() }
  const value = payload(kind, base, reader)
  reader.end()
  return value
}

/**
 * Reads a node entry. Twin of `ManifestCodec.decodeNode`. @throws RangeError
 *
 * @example
 * decodeNode(encodeNode(node)).opcode
 */
export function decodeNode(entry: Uint8Array): ManifestNode {
  const reader = readerOf(entry)
  if (reader.u8() !== 0x20) throw malformed()
  const opcode = reader.u16()
  const inputs = reader.u32s(reader.u8())
  const outputs = reader.u32s(reader.u8())
  const attributes = reader.u32s(reader.u16()).map((word) => word | 0)
  reader.end()
  return { name: '', operator: '', opcode, inputs, outputs, attributes }
}

type EntryReader = {
  u8(): number
  u16(): number
  u32(): number
  u32s(count: number): number[]
  take(length: number): Uint8Array
  header(): TensorType
  end(): void
}

function payload(
  kind: number,
  base: Pick<ManifestValue, 'name' | 'boundary' | 'type'>,
  reader: EntryReader,
): ManifestValue {
  switch (kind) {
    case 0: {
      const [slot, laterSlot, carriedSlot] = [
        reader.u32(),
        reader.u32(),
        reader.u32(),
      ]
      // B4: either in the later bundles, or carried, never both.
      if ((laterSlot === 0xffffffff) === (carriedSlot === 0xffffffff))
        throw malformed()
      return { ...base, kind: 'input', slot, laterSlot, carriedSlot }
    }
    case 1:
      return {
        ...base,
        kind: 'weight',
        tensorRoot: bytesToHex(reader.take(32)),
      }
    case 2:
      return { ...base, kind: 'activation', traceIndex: reader.u32() }
    case 3:
      return { ...base, kind: 'derived', node: reader.u32() }
    case 4: {
      const carried = reader.u32()
      if (carried > 1) throw malformed()
      return {
        ...base,
        kind: 'output',
        carried: carried === 1,
        slot: reader.u32(),
      }
    }
    default:
      throw malformed()
  }
}

function readerOf(bytes: Uint8Array): EntryReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const step = (length: number): number => {
    const from = at
    at += length
    if (at > bytes.length) throw malformed()
    return from
  }
  const reader: EntryReader = {
    u8: () => view.getUint8(step(1)),
    u16: () => view.getUint16(step(2), true),
    u32: () => view.getUint32(step(4), true),
    u32s: (count: number): number[] =>
      Array.from({ length: count }, () => reader.u32()),
    take: (length: number) => {
      const from = step(length)
      return bytes.subarray(from, at)
    },
    header: (): TensorType => {
      const dtype = reader.u8()
      const rank = reader.u8()
      const dims = reader.u32s(rank)
      const perm = Array.from({ length: rank }, () => reader.u8())
      const count = elementCount(dims)
      if (
        elementBytes(dtype) === undefined ||
        !isPerm(perm, rank) ||
        count < 1 ||
        count > 0xffffffff
      )
        throw malformed()
      return { dtype: dtype as Dtype, dims, perm }
    },
    end: () => {
      if (at !== bytes.length) throw malformed()
    },
  }
  return reader
}

function malformed(): RangeError {
  return new RangeError('the bytes are not a canonical manifest entry')
}
