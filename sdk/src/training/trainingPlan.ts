import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import type { TensorDocument } from '../job/documents.js'
import type { Hex, Manifest } from '../types/manifest.js'
import { unfitOptions } from './trainingErrors.js'

/** A training to buy, milestone by milestone: everything that its jobs follow from. */
export type TrainingPlan = {
  modelId: Hex
  /** Steps of the whole training. */
  steps: number
  /** Steps that one order pays for: whole segments. */
  milestoneSteps: number
  /** Carried inputs before the first step, by input name. */
  state: Readonly<Record<string, TensorDocument>>
  /** Data of each job by input name, those of a milestone one after the other; a milestone without data has that of the last. */
  data: readonly Readonly<Record<string, TensorDocument>>[]
  /** Several workers a milestone, which is then a round; one without it. */
  rounds?: RoundOptions | undefined
}

/** How a milestone is shared among workers (DiLoCo). */
export type RoundOptions = {
  /** Jobs of a round. */
  workers: number
  /** Workers without which a round fails. Default 1. */
  quorum?: number | undefined
  /** The model that averages them, `buildAverageStep`. */
  average: Hex
  /** Outer momentum before the first round. */
  momentum: TensorDocument
}

/**
 * Names a plan: nonces of its orders follow from it.
 *
 * @example
 * trainingPlanId(plan)
 */
export function trainingPlanId(plan: TrainingPlan): Hex {
  return keccak256(new TextEncoder().encode(canonicalJson(plan)))
}

/** A job of a plan. */
export type TrainingJob = {
  milestone: number
  /** Which worker of the round; the average is the slot behind the last. */
  slot: number
  attempt: number
}

/**
 * The nonce of an order of a plan. It is spent by the lock, so a planner that
 * lost its memory cannot pay for one attempt twice.
 *
 * @example
 * trainingNonce(trainingPlanId(plan), { milestone: 0, slot: 0, attempt: 0 })
 */
export function trainingNonce(
  plan: Hex,
  { milestone, slot, attempt }: TrainingJob,
): bigint {
  return BigInt(
    keccak256(
      encodeAbiParameters(
        parseAbiParameters('bytes32, uint256, uint256, uint256'),
        [plan, BigInt(milestone), BigInt(slot), BigInt(attempt)],
      ),
    ),
  )
}

/**
 * Workers of each round of a plan; 1 without rounds.
 *
 * @example
 * workersOf(plan) // 1
 */
export function workersOf({ rounds }: TrainingPlan): number {
  return rounds?.workers ?? 1
}

/**
 * Milestones of a plan. @throws LynodeError LY-TRN-002 when they are not whole segments.
 *
 * @example
 * milestonesOf(plan, manifest) // [{ first: 0, steps: 1 }]
 */
export function milestonesOf(
  plan: TrainingPlan,
  manifest: Manifest,
): { first: number; steps: number }[] {
  const { steps, milestoneSteps } = plan
  const { segment } = manifest.header
  if (milestoneSteps < 1 || milestoneSteps % segment !== 0)
    throw unfitOptions(
      `a milestone of ${milestoneSteps} steps is not whole segments of ${segment}`,
    )
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw unfitOptions(`${steps} steps`)
  const workers = workersOf(plan)
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw unfitOptions(`${workers} workers`)
  if (plan.data.length % workers !== 0)
    throw unfitOptions(
      `data of ${plan.data.length} jobs for rounds of ${workers} workers`,
    )
  return Array.from({ length: Math.ceil(steps / milestoneSteps) }, (_, i) => ({
    first: i * milestoneSteps,
    steps: Math.min(milestoneSteps, steps - i * milestoneSteps),
  }))
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(
          Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : entry,
  )
}
