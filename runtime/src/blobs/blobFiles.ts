import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Hex } from '@lynode/sdk'
import { writeDurably } from '../store/durableFiles.js'

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
 * its final name is always whole.
 *
 * @param durable - Whether it has to survive a loss of power.
 */
export async function writeBlobFile(
  folder: string,
  root: Hex,
  bytes: Uint8Array,
  durable: boolean,
): Promise<void> {
  const path = blobPath(folder, root)
  if (existsSync(path)) return
  if (durable) return writeDurably(path, bytes)
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.part`
  try {
    await writeFile(temporary, bytes)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
