import { LynodeError } from '../errors/lynodeError.js'
import { sleep } from '../run/sleep.js'

/** Wait for one source before the next is asked as well. */
const hedgeMs = 1_000

/**
 * The first good answer of several sources. A slow one does not hold up the
 * others: each next one is asked when the one before has failed or taken a
 * second.
 *
 * @param what - What is looked for, as the error names it.
 * @param attempt - Asks one source; throws when its answer is wrong.
 * @throws LynodeError `LY-BLOB-005` with each one's reason when none has it.
 * @example
 * const text = await firstSource('the blob', sources, async (url) =>
 *   (await fetch(url)).text(),
 * )
 */
export async function firstSource<T>(
  what: string,
  sources: readonly string[],
  attempt: (source: string) => Promise<T>,
  signal?: AbortSignal | undefined,
): Promise<T> {
  const failures: string[] = []
  const attempts: Promise<T>[] = []
  for (const source of new Set(sources)) {
    if (source === '') continue
    signal?.throwIfAborted()
    const answer = attempt(source.replace(/\/+$/, ''))
    attempts.push(answer)
    const done = answer.then(
      () => true,
      (error: unknown) => {
        failures.push(`${source}: ${textOf(error)}`)
        return false
      },
    )
    const wait = new AbortController()
    const slow = sleep(hedgeMs, wait.signal).then(
      () => false,
      () => false, // the answer came first
    )
    const first = await Promise.race([done, slow])
    wait.abort()
    if (first) return answer
  }
  try {
    return await Promise.any(attempts)
  } catch {
    // All failed: each reason is in `failures`.
  }
  signal?.throwIfAborted()
  throw new LynodeError('LY-BLOB-005', {
    shortMessage: `no source has ${what} (${failures.join('; ') || 'no source is known'})`,
  })
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error instanceof LynodeError ? error.shortMessage : error.message
}
