import type { Hex } from 'viem'

/**
 * States of a job, in the contract's order.
 *
 * @example
 * jobStatuses[2] // 'delivered'
 */
export const jobStatuses = [
  'none',
  'locked',
  'delivered',
  'settled',
  'convicted',
  'refunded',
  'reopened',
] as const

/** State of a job. */
export type JobStatus = (typeof jobStatuses)[number]

/** What the market stores of a job. Twin of `IJobMarket.Job`. */
export type Job = {
  jobId: Hex
  providerId: number
  price: bigint
  /** Locked: end of the delivery window. Delivered, re-opened: when. */
  time: number
  /** Seconds from delivery to finality. */
  window: number
  status: JobStatus
  attempt: number
  /** Whether a dispute has touched this execution. */
  disputed: boolean
  /** Whether the provider may give it back for a while (RULES D6). */
  declinable: boolean
  resultRoot: Hex
}
