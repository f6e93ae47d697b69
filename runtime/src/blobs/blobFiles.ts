import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Hex } from '@lynode/sdk'

/** File of a blob in its directory: two hex digits, then the root. */
export function blobPath(folder: string, root: Hex): string {
  return join(folder, root.slice(2, 4), root.slice(2))
}

/** File of the roots of a blob's blocks, beside the blob. */
export function treePath(path: string): string {
  return `${path}.tree`
}

/**
 * Writes the bytes of a blob whose root the caller has computed: temporary
 * file, flush, rename, so that a file under its final name is always whole.
 */
export async function writeBlobFile(
  folder: string,
  root: Hex,
  bytes: Uint8Array,
  durable: boolean,
): Promise<void> {
  const path = blobPath(folder, root)
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      if (durable) await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
