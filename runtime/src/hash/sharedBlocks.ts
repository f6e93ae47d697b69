import { chunkBytes, hashBytes } from './nodeDataRoot.js'

/** A block is a subtree of its tensor: 64 chunks. */
export const blockBytes = 64 * chunkBytes

/** Blocks that lie in shared memory at a time. */
export const mostBlocks = 64

/** Most bytes of a piece. */
export const pieceBytes = mostBlocks * blockBytes

/**
 * Memory in which a second thread hashes blocks of a piece of a tensor. Each piece
 * has 64 numbers for its blocks and no two have one in common, so that what the
 * thread does late is not taken for a block of a later piece.
 */
export type SharedBlocks = {
  /** By {@link slots}. */
  control: Int32Array<SharedArrayBuffer>
  /** The piece. */
  bytes: Uint8Array<SharedArrayBuffer>
  /** What the second thread made of its blocks, 32 bytes each. */
  roots: Uint8Array<SharedArrayBuffer>
  /** Number of the block that each of these roots is of. */
  finished: Int32Array<SharedArrayBuffer>
}

/** Counters of `control`. */
export const slots = {
  /** Number of the next block that nobody has taken. */
  next: 0,
  /** Behind the last block of the piece. */
  end: 1,
  /** Bytes of the piece. */
  length: 2,
} as const

/** Memory for two threads. Numbers begin at 64, so that none is of memory that is new. */
export function sharedBlocks(): SharedBlocks {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes)
  return {
    control: new Int32Array(shared(4 * Object.keys(slots).length)),
    bytes: new Uint8Array(shared(pieceBytes)),
    roots: new Uint8Array(shared(mostBlocks * hashBytes)),
    finished: new Int32Array(shared(4 * mostBlocks)),
  }
}

/** Takes a block and gives its number; `undefined` when none is left. */
export function takeBlock({ control }: SharedBlocks): number | undefined {
  for (;;) {
    const next = Atomics.load(control, slots.next)
    // Between two pieces the next block is beyond the end.
    if (next >= Atomics.load(control, slots.end)) return undefined
    const found = Atomics.compareExchange(control, slots.next, next, next + 1)
    if (found === next) return next
  }
}
