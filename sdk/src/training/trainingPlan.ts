import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import type { InputsDocument, TensorDocument } from '../job/documents.js'
import { type Hex, type Manifest, none } from '../types/manifest.js'
import { unfitOptions } from './trainingErrors.js'

/** A training to buy, milestone by milestone: one order each. */
export type TrainingPlan = {
  modelId: Hex
  /** Steps of the whole training. */
  steps: number
  /** Steps that one order pays for: whole segments. */
  milestoneSteps: number
  /** Carried inputs before the first step, by input name. */
  state: Readonly<Record<string, TensorDocument>>
  /** Data of each milestone by input name; one that is not there is that of the last. */
  data: readonly Readonly<Record<string, TensorDocument>>[]
}

/** Counters that begin anew with each milestone: the place in its order of batches. */
const restarted = new Set(['row'])

/**
 * Names a plan: nonces of its orders follow from it.
 *
 * @example
 * trainingPlanId(plan)
 */
export function trainingPlanId(plan: TrainingPlan): Hex {
  return keccak256(new TextEncoder().encode(canonicalJson(plan)))
}

/**
 * The nonce of an order of a plan. It is spent by the lock, so a planner that
 * lost its memory cannot pay for one attempt twice.
 *
 * @example
 * trainingNonce(trainingPlanId(plan), 0, 0)
 */
export function trainingNonce(
  plan: Hex,
  milestone: number,
  attempt: number,
): bigint {
  return BigInt(
    keccak256(
      encodeAbiParameters(parseAbiParameters('bytes32, uint256, uint256'), [
        plan,
        BigInt(milestone),
        BigInt(attempt),
      ]),
    ),
  )
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
  return Array.from({ length: Math.ceil(steps / milestoneSteps) }, (_, i) => ({
    first: i * milestoneSteps,
    steps: Math.min(milestoneSteps, steps - i * milestoneSteps),
  }))
}

/**
 * The inputs of a milestone's job, built from roots alone: the state is what the
 * milestone before ended in.
 *
 * @param state Carried outputs of the last step before, by slot; none for the first.
 * @example
 * const first = milestoneInputs(plan, manifest, 0, undefined)
 */
export function milestoneInputs(
  plan: TrainingPlan,
  manifest: Manifest,
  milestone: number,
  state: readonly TensorDocument[] | undefined,
): InputsDocument {
  const { steps } = milestonesOf(plan, manifest)[milestone] ?? { steps: 0 }
  const data = plan.data[Math.min(milestone, plan.data.length - 1)] ?? {}
  const first: TensorDocument[] = []
  const later: TensorDocument[] = []
  for (const value of manifest.values) {
    if (value.kind !== 'input') continue
    const carried = value.carriedSlot !== none
    const own = carried ? plan.state[value.name] : data[value.name]
    const tensor =
      carried && state !== undefined && !restarted.has(value.name)
        ? state[value.carriedSlot]
        : own
    if (tensor === undefined)
      throw unfitOptions(`the plan has nothing for input "${value.name}"`)
    first[value.slot] = tensor
    if (!carried) later[value.laterSlot] = tensor
  }
  return {
    kind: 'inputs',
    steps: Array.from({ length: steps }, (_, t) => (t === 0 ? first : later)),
  }
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
