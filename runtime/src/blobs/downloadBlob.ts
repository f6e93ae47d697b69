import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkBytes, type Hex } from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import type { BlobStore } from './blobStore.js'

/** Bytes that are asked for at once: what is held in memory, for each lane. */
export const partBytes = 2 ** 20

/** Parts that are asked of one source at the same time. */
const lanes = 2

/** Failures after which a source is left alone. */
const patience = 2

export type DownloadBlobOptions = {
  root: Hex
  bytes: number
  blobs: BlobStore
  sources: readonly string[]
  /** Chunks of the blob from one source, proved to belong to the root. */
  fetchPart: (
    source: string,
    first: number,
    count: number,
  ) => Promise<{ data: Uint8Array }>
}

/**
 * Gets a large blob in parts, from several sources at once. Each part is proved
 * before it is written, so a liar costs one part; what was written stays, so a
 * download that was broken off, in this process or an earlier one, goes on.
 *
 * @returns Why each source failed, where the blob could not be had; the parts
 * that came are kept for the next try.
 */
export async function downloadBlob(
  options: DownloadBlobOptions,
): Promise<{ failures?: string[] }> {
  const { root, bytes, blobs, sources, fetchPart } = options
  const folder = join(blobs.folder, 'partial')
  await mkdir(folder, { recursive: true })
  const file = join(folder, root.slice(2))
  const parts = Math.ceil(bytes / partBytes)
  // One byte a part says that it is in the file.
  const marks = `${file}.parts`
  const known =
    existsSync(file) && existsSync(marks)
      ? await readFile(marks)
      : Buffer.alloc(0)
  const missing = new Set<number>()
  for (let part = 0; part < parts; part++)
    if (known[part] !== 1) missing.add(part)
  const flags = existsSync(file) ? 'r+' : 'w+'
  const [data, done] = [
    await open(file, flags),
    await open(marks, existsSync(marks) ? 'r+' : 'w+'),
  ]
  /** Sources that work at a part. */
  const busy = new Map<number, Set<string>>()
  const failures: string[] = []

  /** A part that nobody fetches; in the end one that only others fetch. */
  const next = (source: string): number | undefined => {
    let late: number | undefined
    for (const part of missing) {
      const at = busy.get(part)
      if (at === undefined) return part
      if (!at.has(source)) late ??= part
    }
    return late
  }
  const lane = async (source: string, strikes: { count: number }) => {
    while (strikes.count < patience) {
      const part = next(source)
      if (part === undefined) return
      const at = busy.get(part) ?? new Set()
      busy.set(part, at.add(source))
      try {
        const start = part * partBytes
        const length = Math.min(partBytes, bytes - start)
        const { data: got } = await fetchPart(
          source,
          start / chunkBytes,
          Math.ceil(length / chunkBytes),
        )
        if (!missing.has(part)) continue // another source was faster
        await data.write(got, 0, got.length, start)
        await done.write(Uint8Array.of(1), 0, 1, part)
        missing.delete(part)
      } catch (error) {
        strikes.count += 1
        failures.push(`${source}: ${errorText(error)}`)
      } finally {
        at.delete(source)
        if (at.size === 0) busy.delete(part)
      }
    }
  }
  try {
    await Promise.all(
      sources.flatMap((source) => {
        const strikes = { count: 0 }
        return Array.from({ length: lanes }, () => lane(source, strikes))
      }),
    )
    if (missing.size > 0) return { failures }
    await data.sync()
  } finally {
    await Promise.all([data.close(), done.close()])
  }
  try {
    // What an earlier process marked it may not have flushed: the whole decides.
    await blobs.adopt(file, root)
  } catch (error) {
    await rm(file, { force: true })
    throw error
  } finally {
    await rm(marks, { force: true })
  }
  return {}
}
