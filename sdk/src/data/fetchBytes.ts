import { LynodeError } from '../errors/lynodeError.js'

/** Time for one call to one source. */
const timeoutMs = 20_000

export type FetchBytesOptions = {
  /** Most bytes that are read. */
  atMost: number
  signal?: AbortSignal | undefined
}

/**
 * Reads the body of a `GET`, and no more of it than was asked for: a server may
 * send without end.
 *
 * @throws LynodeError `LY-BLOB-002` when there is more, an Error for any other
 * answer than success.
 */
export async function fetchBytes(
  url: string,
  { atMost, signal }: FetchBytesOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const limit = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, {
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  })
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) break
    length += next.value.length
    if (length > atMost) {
      await reader?.cancel()
      throw new LynodeError('LY-BLOB-002', {
        shortMessage: `more than ${atMost} bytes`,
      })
    }
    parts.push(next.value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
