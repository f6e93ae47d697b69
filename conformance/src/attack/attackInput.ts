import type { Value } from './kernel.js'
import type { Network } from './network.js'
import type { Plan } from './plans.js'
import type { QuestionOf } from './question.js'

/** What one plan did to one input. */
export type Outcome = {
  /** Whether the answer is another one. */
  flipped: boolean
  /** What it took of the lead. */
  moved: number
}

/** An honest run and its attacks. */
export type Attempt = {
  /** Lead of the honest answer. */
  lead: number
  /** Of each plan. */
  outcomes: readonly Outcome[]
}

/** Values that a plan claims, and where they were meant to go. */
export type Claimed = {
  plan: Plan
  claimed: readonly Value[]
  directions: readonly (Float64Array | undefined)[]
}

/**
 * Attacks one input by every plan.
 *
 * @param onClaims Hears of what each plan claims.
 */
export function attackInput(
  network: Network,
  plans: readonly Plan[],
  input: ReadonlyMap<string, Float32Array>,
  questionOf: QuestionOf,
  onClaims: (claimed: Claimed) => void,
): Attempt {
  const { result } = network
  const honest = network.forward(input)
  const { lead, seed, changed } = questionOf(honest[result]!.data)
  const before = lead(honest[result]!.data)
  const directions = network.backward(honest, seed)
  // Profiles that leave the same room are one attack.
  const known = new Map<string, { outcome: Outcome; claimed: Value[] }>()
  const outcomes = plans.map((plan) => {
    const words = network.roomWords(plan)
    let made = known.get(words)
    if (made === undefined) {
      const claimed = network.forward(input, { ...plan, directions, honest })
      const own = claimed[result]!.data
      const outcome = { flipped: changed(own), moved: before - lead(own) }
      made = { outcome, claimed }
      // The values of all plans would not fit.
      if (isWhole(plan)) known.set(words, made)
      else known.set(words, { outcome, claimed: [] })
    }
    if (isWhole(plan)) onClaims({ plan, claimed: made.claimed, directions })
    return made.outcome
  })
  return { lead: before, outcomes }
}

/** The plan that takes all there is. */
function isWhole({ operators, share }: Plan): boolean {
  return operators === undefined && share === 1
}
