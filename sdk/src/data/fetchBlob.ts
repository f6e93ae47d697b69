import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { blobRoot } from '../tree/blobRoot.js'
import type { Hex } from '../types/manifest.js'
import { fetchBytes } from './fetchBytes.js'
import { firstSource } from './firstSource.js'

export type FetchBlobParameters = {
  root: Hex
  /** Its size; another one is refused. */
  bytes: number
  /** Base URLs of data servers, which need not be trusted. */
  sources: readonly string[]
  sha256?: Sha256 | undefined
  signal?: AbortSignal | undefined
}

/**
 * Fetches a blob into memory. What does not hash to the root is dropped and the
 * next source is asked.
 *
 * @throws LynodeError `LY-BLOB-005` when no source has it.
 * @example
 * const { fileRoot, fileBytes } = manifest.header
 * const file = await fetchBlob({ root: fileRoot, bytes: Number(fileBytes), sources })
 */
export function fetchBlob(
  parameters: FetchBlobParameters,
): Promise<Uint8Array<ArrayBuffer>> {
  const { root, bytes, sources, sha256, signal } = parameters
  return firstSource(
    `blob ${root}`,
    sources,
    async (source) => {
      const url = `${source}/v1/blobs/${root}`
      const data = await fetchBytes(url, { atMost: bytes, signal })
      if (data.length !== bytes)
        throw new Error(`${data.length} bytes instead of ${bytes}`)
      const found = blobRoot(data, sha256)
      if (found !== root)
        throw new LynodeError('LY-BLOB-003', {
          shortMessage: `the bytes hash to ${found}`,
        })
      return data
    },
    signal,
  )
}
