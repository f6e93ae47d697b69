import { LynodeError } from '../errors/lynodeError.js'

/** What a call to a relay or a provider may take. */
const timeoutMs = 10_000

/** How a relay is called; as `fetch` takes it. */
export type AskRelayOptions = {
  method?: 'POST' | undefined
  /** JSON text. */
  body?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * Calls a relay, or a provider's server, and parses its answer.
 *
 * @param relay - Its base URL, which errors name.
 * @throws LynodeError `LY-RLY-005` when it is silent or refuses.
 */
export async function askRelay(
  relay: string,
  url: string,
  { method, body, signal }: AskRelayOptions = {},
): Promise<unknown> {
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      ...(method && { method }),
      ...(body !== undefined && {
        body,
        headers: { 'content-type': 'application/json' },
      }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    const text = await response.text()
    if (!response.ok)
      throw new Error(`HTTP status ${response.status} ${text.slice(0, 300)}`)
    return JSON.parse(text) as unknown
  } catch (cause) {
    signal?.throwIfAborted()
    throw new LynodeError('LY-RLY-005', {
      details: `${relay}: ${reasonOf(cause)}`,
      cause,
    })
  }
}

/** What went wrong, with the cause that `fetch` hides. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof LynodeError && error.details !== undefined)
    return `${error.shortMessage}: ${error.details}`
  const { cause } = error
  return cause instanceof Error
    ? `${error.message}: ${cause.message || cause.name}`
    : error.message
}
