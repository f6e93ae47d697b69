import type { Job } from '@lynode/sdk'

/** Statuses of an attempt that is not delivered yet. */
const before: readonly Job['status'][] = ['none', 'reopened', 'locked']

/**
 * Where a delivery stands, by what a node says of its job: `open` can be
 * disputed, `over` cannot any more. `behind`: the node does not know of the
 * delivery, because it is late or a reorganisation undid it, and to believe that
 * nothing is left to check would let a cheat go.
 */
export function standingOf(
  job: Pick<Job, 'status' | 'attempt'>,
  { attempt }: { attempt: number },
): 'behind' | 'open' | 'over' {
  if (job.attempt !== attempt) return job.attempt < attempt ? 'behind' : 'over'
  if (before.includes(job.status)) return 'behind'
  return job.status === 'delivered' ? 'open' : 'over'
}
