import * as crypto from 'node:crypto'

/** Bytes of a chunk (docs/protocol.md section 2). */
export const chunkBytes = 1024
/** Bytes of a hash. */
export const hashBytes = 32

/** `H(0x00 | chunk)` and `H(0x01 | left | right)` are made here. */
const leaf = Buffer.alloc(1 + chunkBytes)
const pair = Buffer.alloc(1 + 2 * hashBytes)
pair[0] = 1

/**
 * Root of the tree over the chunks of `data`: the last level of the sdk's
 * `dataTree`, with Node's own hash and without an object for each hash.
 */
export function nodeDataRoot(data: Uint8Array): Buffer {
  const bytes = bufferOf(data)
  const count = Math.ceil(data.length / chunkBytes)
  const level = Buffer.allocUnsafe(count * hashBytes)
  for (let i = 0; i < count; i++) {
    const length = bytes.copy(leaf, 1, i * chunkBytes, (i + 1) * chunkBytes)
    const hashed = length === chunkBytes ? leaf : leaf.subarray(0, 1 + length)
    level.write(
      crypto.hash('sha256', hashed, 'binary'),
      i * hashBytes,
      'latin1',
    )
  }
  return rootOfHashes(level)
}

/**
 * Root of the tree over hashes of 32 bytes, which are overwritten: each level
 * takes the place of the one below, and an odd last node moves up.
 */
export function rootOfHashes(level: Buffer): Buffer {
  let count = level.length / hashBytes
  if (count === 0) return crypto.hash('sha256', '', 'buffer')
  for (; count > 1; count = Math.ceil(count / 2))
    for (let i = 0; i < count; i += 2) {
      const to = (i / 2) * hashBytes
      if (i + 1 === count) {
        level.copyWithin(to, i * hashBytes, count * hashBytes)
        continue
      }
      level.copy(pair, 1, i * hashBytes, (i + 2) * hashBytes)
      level.write(crypto.hash('sha256', pair, 'binary'), to, 'latin1')
    }
  return level.subarray(0, hashBytes)
}

/** The same bytes, whose `copy` is fast where they are shared with other threads too. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
