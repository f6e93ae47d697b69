import { refused } from './demands.js'
import type { Evidence } from './evidence.js'

/** Demands that one asker may have open (RULES A3, `openDemands`). */
export const atOnce = 3

/**
 * Makes sure that the bytes of values are at hand: what has to be demanded is
 * demanded together, because each answer may take as long as the contract allows.
 *
 * @returns Values that nobody can demand: outputs that the requester waived (A12).
 * @throws ExecutionOver when a demand goes unanswered.
 */
export async function gatherBytes(
  evidence: Pick<Evidence, 'bytes'>,
  values: readonly number[],
): Promise<Set<number>> {
  const missing = new Set<number>()
  const waiting = [...new Set(values)].reverse()
  let failed = false
  const worker = async () => {
    for (
      let value = waiting.pop();
      value !== undefined && !failed;
      value = waiting.pop()
    )
      try {
        await evidence.bytes(value)
      } catch (error) {
        if (refused(error, 'Disputes_Waived')) {
          missing.add(value)
          continue
        }
        failed = true
        throw error
      }
  }
  // All of them end before a failure is reported: they write into one folder.
  const settled = await Promise.allSettled(
    Array.from({ length: atOnce }, worker),
  )
  for (const one of settled) if (one.status === 'rejected') throw one.reason
  return missing
}
