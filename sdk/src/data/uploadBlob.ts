import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { reasonOf } from '../relay/askRelay.js'
import { blobRoot } from '../tree/blobRoot.js'
import type { Hex } from '../types/manifest.js'

/** How bytes are sent to a data server. */
export type UploadOptions = {
  sha256?: Sha256 | undefined
  signal?: AbortSignal | undefined
}

/**
 * Uploads a blob to a data server; the answered root must be its own.
 *
 * @param source - Base URL of the server.
 * @returns The root of the blob.
 * @throws LynodeError `LY-BLOB-006` when the server does not take it.
 * @example
 * const root = await uploadBlob(server, file)
 */
export async function uploadBlob(
  source: string,
  bytes: Uint8Array<ArrayBuffer>,
  { sha256, signal }: UploadOptions = {},
): Promise<Hex> {
  const root = blobRoot(bytes, sha256)
  const url = `${source.replace(/\/+$/, '')}/v1/blobs`
  let text: string
  try {
    const response = await fetch(url, {
      method: 'PUT',
      body: bytes,
      ...(signal && { signal }),
    })
    text = await response.text()
    if (response.status === 201 && text.includes(root)) return root
  } catch (cause) {
    signal?.throwIfAborted()
    text = reasonOf(cause)
  }
  throw new LynodeError('LY-BLOB-006', {
    shortMessage: `${source} did not take the blob: ${text}`,
  })
}
