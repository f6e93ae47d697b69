import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import {
  buildTree,
  chunkCount,
  dataTree,
  type Hex,
  LynodeError,
  type Tree,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { makeFolder, renameDurably } from '../store/durableFiles.js'
import { blobPath, treePath, writeBlobFile } from './blobFiles.js'
import { BlockHasher, blockBytes, rangeProof } from './blockTree.js'
import { GatheredWriter } from './gatheredWriter.js'

/** Chunks `first` .. `first + count - 1` of a blob and their multiproof. */
export type BlobProof = {
  bytes: number
  first: number
  count: number
  proof: Hex[]
}

/** What reads blobs by root. */
export type BlobReader = {
  has(root: Hex): boolean
  /** Bytes of the blob, or of a range of it. */
  read(root: Hex, range?: { start: number; end: number }): Promise<Uint8Array>
  /** The same as a stream, which never holds more than a part. */
  stream(root: Hex, range?: { start: number; end: number }): Readable
  sizeOf(root: Hex): Promise<number>
  /** File of a blob that is there. */
  pathOf(root: Hex): string
  proof(root: Hex, first: number, count: number): Promise<BlobProof>
}

/** Bytes that a stream reads at once. */
const streamBytes = 2 ** 20

/** Blocks from which on the roots of a blob are kept beside it. */
const keptBlocks = 16

/** Trees that stay in memory: at most two megabytes each. */
const knownTrees = 8

/**
 * Content-addressed files under one folder: the name of a blob is the root of
 * the tree over its chunks (docs/protocol.md section 2). A file under its final
 * name is whole. Beside a large one lie the roots of its blocks, so that a proof
 * reads a few of them and not the blob.
 */
export class BlobStore implements BlobReader {
  readonly folder: string
  /** Trees over blocks that proofs were asked of last. */
  readonly #trees = new Map<Hex, Tree>()

  constructor(folder: string) {
    this.folder = folder
  }

  has(root: Hex): boolean {
    return existsSync(blobPath(this.folder, root))
  }

  pathOf(root: Hex): string {
    return blobPath(this.folder, root)
  }

  async sizeOf(root: Hex): Promise<number> {
    try {
      return (await stat(this.pathOf(root))).size
    } catch (cause) {
      throw unknownBlob(root, cause)
    }
  }

  async read(
    root: Hex,
    range?: { start: number; end: number },
  ): Promise<Uint8Array> {
    if (range === undefined) {
      try {
        return new Uint8Array(await readFile(this.pathOf(root)))
      } catch (cause) {
        throw unknownBlob(root, cause)
      }
    }
    const file = await open(this.pathOf(root)).catch((cause: unknown) => {
      throw unknownBlob(root, cause)
    })
    try {
      const bytes = new Uint8Array(range.end - range.start)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, range.start)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  stream(root: Hex, range?: { start: number; end: number }): Readable {
    return createReadStream(this.pathOf(root), {
      highWaterMark: streamBytes,
      ...(range && { start: range.start, end: range.end - 1 }),
    })
  }

  /** Says that a blob is needed again, which puts off its eviction. */
  async touch(root: Hex): Promise<void> {
    const now = new Date()
    await utimes(this.pathOf(root), now, now).catch(() => undefined) // another layer has it
  }

  /** Stores bytes that are in memory. */
  async put(bytes: Uint8Array): Promise<Hex> {
    const { root } = dataTree(bytes, nodeSha256)
    await writeBlobFile(this.folder, root, bytes)
    return root
  }

  /**
   * Stores a stream without holding it: hashes chunk by chunk on the way to a
   * temporary file.
   *
   * @throws LynodeError `LY-BLOB-002` above `maxBytes`, `LY-BLOB-003` when the
   * root is not `expected`; nothing is kept then.
   */
  async putStream(
    stream: AsyncIterable<Uint8Array>,
    { maxBytes, expected }: { maxBytes: number; expected?: Hex | undefined },
  ): Promise<{ root: Hex; bytes: number }> {
    await makeFolder(this.folder)
    const temporary = join(this.folder, `${randomUUID()}.part`)
    const hasher = new BlockHasher()
    let bytes = 0
    try {
      const file = await open(temporary, 'wx')
      const writer = new GatheredWriter(file)
      try {
        for await (const part of stream) {
          bytes += part.length
          if (bytes > maxBytes)
            throw new LynodeError('LY-BLOB-002', {
              shortMessage: `the blob is larger than ${maxBytes} bytes`,
            })
          hasher.update(part)
          await writer.write(part)
        }
        await writer.flush()
        await file.sync()
      } finally {
        await file.close()
      }
      const root = await this.#keep(temporary, hasher.finish(), expected)
      return { root, bytes }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /**
   * Takes a file over as a blob: hashes it and gives it its name.
   *
   * @throws LynodeError `LY-BLOB-003` when it has another root.
   */
  async adopt(file: string, expected: Hex): Promise<void> {
    await this.#keep(file, await treeOfFile(file), expected)
  }

  /** Proof of a range of chunks. @throws LynodeError `LY-BLOB-004` outside the blob. */
  async proof(root: Hex, first: number, count: number): Promise<BlobProof> {
    const bytes = await this.sizeOf(root)
    if (count < 1 || first + count > chunkCount(bytes))
      throw new LynodeError('LY-BLOB-004', {
        shortMessage: `chunks ${first} to ${first + count - 1} are outside a blob of ${chunkCount(bytes)} chunks`,
      })
    const proof = await rangeProof(
      await this.#blocksOf(root),
      bytes,
      first,
      count,
      (block) =>
        this.read(root, {
          start: block * blockBytes,
          end: Math.min(bytes, (block + 1) * blockBytes),
        }),
    )
    return { bytes, first, count, proof }
  }

  async #keep(
    file: string,
    tree: Tree,
    expected: Hex | undefined,
  ): Promise<Hex> {
    const { root, size, levels } = tree
    if (expected !== undefined && root !== expected)
      throw new LynodeError('LY-BLOB-003', {
        shortMessage: `the bytes hash to ${root}, not to ${expected}`,
      })
    const path = this.pathOf(root)
    await makeFolder(dirname(path))
    if (size >= keptBlocks)
      await writeFile(treePath(path), levels[0] ?? new Uint8Array(0))
    await renameDurably(file, path)
    return root
  }

  /** The tree over the blocks of a blob: as it was kept, or computed. */
  async #blocksOf(root: Hex): Promise<Tree> {
    const known = this.#trees.get(root)
    if (known !== undefined) return known
    const path = this.pathOf(root)
    const kept = existsSync(treePath(path))
      ? buildTree(new Uint8Array(await readFile(treePath(path))), nodeSha256)
      : undefined
    // A crash may have left half a file of roots.
    const tree = kept?.root === root ? kept : await treeOfFile(path)
    if (tree !== kept && tree.size >= keptBlocks)
      await writeFile(treePath(path), tree.levels[0] ?? new Uint8Array(0))
    this.#trees.set(root, tree)
    for (const [oldest] of this.#trees) {
      if (this.#trees.size <= knownTrees) break
      this.#trees.delete(oldest)
    }
    return tree
  }

  /** Removes the whole store. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function treeOfFile(path: string): Promise<Tree> {
  const hasher = new BlockHasher()
  for await (const part of createReadStream(path, {
    highWaterMark: streamBytes,
  }))
    hasher.update(part as Uint8Array)
  return hasher.finish()
}

/** The error of every store for a root that it does not hold. */
export function unknownBlob(root: Hex, cause?: unknown): LynodeError {
  return new LynodeError('LY-BLOB-001', {
    shortMessage: `no blob ${root}`,
    cause,
  })
}
