import type { Scalar } from './trainingFolder.js'

/**
 * An event file of TensorBoard: framed records with masked CRC-32C, each an
 * `Event` with one scalar.
 */
export function encodeScalars(scalars: readonly Scalar[]): Uint8Array {
  const records = [
    record(field(3, bytesOf('brain.Event:2'))),
    ...scalars.map(({ step, tag, value }) => {
      const simple = field(1, bytesOf(tag), number32(2, value))
      return record(varintField(2, step), field(5, field(1, simple)))
    }),
  ]
  return concat(records)
}

/** `length | crc(length) | data | crc(data)`. */
function record(...parts: Uint8Array[]): Uint8Array {
  // Field 1, a double: no clock, so that the same training gives the same file.
  const data = concat([Uint8Array.of(0x09, 0, 0, 0, 0, 0, 0, 0, 0), ...parts])
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true)
  return concat([length, checksum(length), data, checksum(data)])
}

/** A length-delimited field, with what follows it in the message. */
function field(
  number: number,
  content: Uint8Array,
  ...more: Uint8Array[]
): Uint8Array {
  return concat([
    Uint8Array.from([(number << 3) | 2, ...varint(content.length)]),
    content,
    ...more,
  ])
}

function varintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([number << 3, ...varint(value)])
}

function number32(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5)
  bytes[0] = (number << 3) | 5
  new DataView(bytes.buffer).setFloat32(1, value, true)
  return bytes
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++)
    value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** CRC-32C, turned by 15 bits and moved, as TFRecord wants it. */
function checksum(data: Uint8Array): Uint8Array {
  let crc = 0xffffffff
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  crc = ~crc >>> 0
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, masked, true)
  return bytes
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
