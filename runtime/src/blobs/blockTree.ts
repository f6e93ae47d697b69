import {
  buildTree,
  bytesToHex,
  chunkBytes,
  chunkCount,
  chunkHashes,
  type Hex,
  type Tree,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'

/** Chunks of a block: a power of two, so that a block is a subtree of its blob. */
const blockChunks = 64
const blockLevels = Math.log2(blockChunks)

/** Bytes of a block. */
export const blockBytes = blockChunks * chunkBytes

const hashBytes = 32

/**
 * Hashes a blob that streams by: keeps 32 bytes for each block of 64 KiB, which
 * is a megabyte for a blob of two gigabytes.
 */
export class BlockHasher {
  readonly #block = new Uint8Array(blockBytes)
  readonly #roots: Uint8Array[] = []
  #filled = 0

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + blockBytes - this.#filled)
      at += part.length
      // A whole block need not be copied.
      if (part.length === blockBytes) this.#roots.push(rootOf(part))
      else {
        this.#block.set(part, this.#filled)
        this.#filled += part.length
        if (this.#filled === blockBytes) this.#flush()
      }
    }
  }

  /** The tree over the roots of the blocks: the upper levels of the blob's own. */
  finish(): Tree {
    if (this.#filled > 0) this.#flush()
    return buildTree(Buffer.concat(this.#roots), nodeSha256)
  }

  #flush(): void {
    this.#roots.push(rootOf(this.#block.subarray(0, this.#filled)))
    this.#filled = 0
  }
}

function rootOf(block: Uint8Array): Uint8Array {
  const { levels } = buildTree(chunkHashes(block, nodeSha256), nodeSha256)
  return levels.at(-1) ?? new Uint8Array(0)
}

/**
 * The multiproof of consecutive chunks, from the tree over blocks and the few
 * blocks at the ends of the range.
 *
 * @param readBlock - Gives the bytes of a block.
 */
export async function rangeProof(
  blocks: Tree,
  bytes: number,
  first: number,
  count: number,
  readBlock: (block: number) => Promise<Uint8Array>,
): Promise<Hex[]> {
  const trees = new Map<number, Tree>()
  const nodeAt = async (level: number, position: number): Promise<Hex> => {
    if (level >= blockLevels)
      return hashAt(blocks.levels[level - blockLevels], position)
    const block = Math.floor((position << level) / blockChunks)
    const tree =
      trees.get(block) ??
      buildTree(chunkHashes(await readBlock(block), nodeSha256), nodeSha256)
    trees.set(block, tree)
    return hashAt(
      // The last block may be lower than others: its root stands for it above.
      tree.levels[Math.min(level, tree.levels.length - 1)],
      position - ((block * blockChunks) >> level),
    )
  }
  const proof: Hex[] = []
  let [from, to] = [first, first + count - 1]
  let level = 0
  for (let nodes = chunkCount(bytes); nodes > 1; nodes = Math.ceil(nodes / 2)) {
    if (from % 2 === 1) proof.push(await nodeAt(level, from - 1))
    if (to % 2 === 0 && to + 1 < nodes) proof.push(await nodeAt(level, to + 1))
    from >>= 1
    to >>= 1
    level += 1
  }
  return proof
}

function hashAt(level: Uint8Array | undefined, position: number): Hex {
  const hash = level?.subarray(position * hashBytes, (position + 1) * hashBytes)
  if (hash?.length !== hashBytes) throw new RangeError(`no node ${position}`)
  return bytesToHex(hash)
}
