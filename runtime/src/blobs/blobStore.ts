import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  buildTree,
  chunkBytes,
  chunkCount,
  dataTree,
  type Hex,
  LynodeError,
  leafHash,
  multiproof,
  type Tree,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { blobPath, writeBlobFile } from './blobFiles.js'

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
  sizeOf(root: Hex): Promise<number>
  /** File of a blob that is there. */
  pathOf(root: Hex): string
  proof(root: Hex, first: number, count: number): Promise<BlobProof>
}

/**
 * Content-addressed files under one folder: the name of a blob is the root of
 * the tree over its chunks (docs/protocol.md section 2). A file under its final
 * name is whole; its tree is recomputed when a proof is asked for, which is
 * faster than reading it back.
 */
export class BlobStore implements BlobReader {
  readonly folder: string

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

  /** Stores bytes that are in memory. */
  async put(bytes: Uint8Array): Promise<Hex> {
    const { root } = dataTree(bytes, nodeSha256)
    await writeBlobFile(this.folder, root, bytes, true)
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
    await mkdir(this.folder, { recursive: true })
    const temporary = join(this.folder, `${randomUUID()}.part`)
    const leaves: Uint8Array[] = []
    let rest = new Uint8Array(0)
    let bytes = 0
    try {
      const file = await open(temporary, 'wx')
      try {
        for await (const part of stream) {
          bytes += part.length
          if (bytes > maxBytes)
            throw new LynodeError('LY-BLOB-002', {
              shortMessage: `the blob is larger than ${maxBytes} bytes`,
            })
          await file.write(part)
          const joined = new Uint8Array(rest.length + part.length)
          joined.set(rest)
          joined.set(part, rest.length)
          let at = 0
          for (; at + chunkBytes <= joined.length; at += chunkBytes)
            leaves.push(
              leafHash(joined.subarray(at, at + chunkBytes), nodeSha256),
            )
          rest = joined.slice(at)
        }
        if (rest.length > 0) leaves.push(leafHash(rest, nodeSha256))
        await file.sync()
      } finally {
        await file.close()
      }
      const { root } = buildTree(Buffer.concat(leaves), nodeSha256)
      if (expected !== undefined && root !== expected)
        throw new LynodeError('LY-BLOB-003', {
          shortMessage: `the bytes hash to ${root}, not to ${expected}`,
        })
      const path = this.pathOf(root)
      await mkdir(dirname(path), { recursive: true })
      await rename(temporary, path)
      return { root, bytes }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Proof of a range of chunks. @throws LynodeError `LY-BLOB-004` outside the blob. */
  async proof(root: Hex, first: number, count: number): Promise<BlobProof> {
    const { tree, bytes } = await this.tree(root)
    if (count < 1 || first + count > chunkCount(bytes))
      throw new LynodeError('LY-BLOB-004', {
        shortMessage: `chunks ${first} to ${first + count - 1} are outside a blob of ${chunkCount(bytes)} chunks`,
      })
    const indices = Array.from({ length: count }, (_, i) => first + i)
    return { bytes, first, count, proof: multiproof(tree, indices) }
  }

  /** The tree over the chunks of a blob. */
  async tree(root: Hex): Promise<{ tree: Tree; bytes: number }> {
    const bytes = await this.read(root)
    return { tree: dataTree(bytes, nodeSha256), bytes: bytes.length }
  }

  /** Removes the whole store. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** The error of every store for a root that it does not hold. */
export function unknownBlob(root: Hex, cause?: unknown): LynodeError {
  return new LynodeError('LY-BLOB-001', {
    shortMessage: `no blob ${root}`,
    cause,
  })
}
