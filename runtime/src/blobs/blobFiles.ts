import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Hex } from '@lynode/sdk'
import { flushFile, writeDurably } from '../store/durableFiles.js'

/** File of a blob in its directory: two hex digits, then the root. */
export function blobPath(folder: string, root: Hex): string {
  return join(folder, root.slice(2, 4), root.slice(2))
}

/** File of the roots of a blob's blocks, beside the blob. */
export function treePath(path: string): string {
  return `${path}.tree`
}

/**
 * Writes the bytes of a blob whose root the caller has computed: a file under
 * its final name is always whole. It survives a loss of power.
 */
export async function writeBlobFile(
  folder: string,
  root: Hex,
  bytes: Uint8Array,
): Promise<void> {
  const path = blobPath(folder, root)
  if (!existsSync(path)) await writeDurably(path, bytes)
}

/**
 * The same at once, and not flushed: for a process that a run blocks anyway, in
 * which each step of an asynchronous write would wait for another run.
 */
export function writeBlobFileSync(
  folder: string,
  root: Hex,
  bytes: Uint8Array,
): void {
  const path = blobPath(folder, root)
  if (existsSync(path)) return
  const temporary = `${path}.${randomUUID()}.part`
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(temporary, bytes)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Makes blobs that another process wrote survive a loss of power. */
export async function flushBlobFiles(
  folder: string,
  roots: readonly Hex[],
): Promise<void> {
  for (const root of new Set(roots)) await flushFile(blobPath(folder, root))
}
