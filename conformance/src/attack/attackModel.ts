import { profiles } from '@lynode/sdk'
import { type Attempt, attackInput, type Claimed } from './attackInput.js'
import { type JudgedClaims, judgeClaims } from './judgeClaims.js'
import type { Victim } from './models/victim.js'
import { Network } from './network.js'
import { type Plan, plansOf } from './plans.js'

/** How one plan went with a model. */
export type AttackRow = {
  model: string
  profile: string
  /** Whose results are moved. */
  operators: string
  /** Of the room that the bounds leave. */
  share: number
  inputs: number
  /** Inputs whose answer changed. */
  flipped: number
  rate: number
  /** What it took of the lead over another answer, in the model's unit: median. */
  moved: number
  /** The same as a share of the lead: median. From 1 on the answer is another one. */
  closed: number
}

/** What the twins say of a model's claims under one profile. */
export type ClaimsRow = { model: string; profile: string } & JudgedClaims

/** How clear the honest answers are, in the model's unit. */
export type LeadRow = { model: string; least: number; median: number }

/** Claims of how many inputs are judged, and elements of each node. */
const judgedInputs = 2
const samples = 4

/** Attacks a model under every numeric profile. */
export function attackModel({ name, file, inputs, questionOf }: Victim): {
  attacks: AttackRow[]
  claims: ClaimsRow[]
  lead: LeadRow
} {
  const network = new Network(file)
  const plans = Object.values(profiles).flatMap((profile) =>
    plansOf(profile, operatorsWithRoom(network, inputs[0]!, profile)),
  )
  const claims = new Map<string, ClaimsRow>()
  const judge = ({ plan, claimed, directions }: Claimed) => {
    const profile = nameOf(plan.profile)
    const found = judgeClaims({
      ...{ manifest: network.manifest, profile: plan.profile },
      ...{ claimed, directions, samples },
    })
    const known = claims.get(profile)
    const row = { model: name, profile, ...found }
    claims.set(profile, known === undefined ? row : joined(known, row))
  }
  const attempts = inputs.map((input, index) =>
    attackInput(network, plans, input, questionOf, (claimed) => {
      if (index < judgedInputs) judge(claimed)
    }),
  )
  const leads = attempts.map(({ lead }) => lead)
  return {
    attacks: plans.map((plan, k) => rowOf(name, plan, attempts, k)),
    claims: [...claims.values()],
    lead: {
      model: name,
      least: round(Math.min(...leads)),
      median: round(median(leads)),
    },
  }
}

/** The row of plan `k`. */
function rowOf(
  model: string,
  { profile, operators, share }: Plan,
  attempts: readonly Attempt[],
  k: number,
): AttackRow {
  const flipped = attempts.filter(({ outcomes }) => outcomes[k]!.flipped).length
  return {
    model,
    profile: nameOf(profile),
    operators: operators ? [...operators].join() : 'all',
    share,
    inputs: attempts.length,
    flipped,
    rate: flipped / attempts.length,
    moved: round(median(attempts.map(({ outcomes }) => outcomes[k]!.moved))),
    closed: round(
      median(attempts.map(({ lead, outcomes }) => outcomes[k]!.moved / lead)),
    ),
  }
}

function operatorsWithRoom(
  network: Network,
  input: ReadonlyMap<string, Float32Array>,
  profile: number,
): string[] {
  const found = new Set<string>()
  network.forward(input, {
    ...{ profile, share: 0, directions: [] },
    honest: network.forward(input),
    onRoom: (operator) => found.add(operator),
  })
  return [...found]
}

function joined(a: ClaimsRow, b: ClaimsRow): ClaimsRow {
  const measured = a.measured + b.measured
  return {
    ...a,
    elements: a.elements + b.elements,
    convicted: a.convicted + b.convicted,
    anything: a.anything + b.anything,
    measured,
    narrow: a.narrow + b.narrow,
    last: a.last + b.last,
    least: Math.min(a.least, b.least),
    mean: (a.mean * a.measured + b.mean * b.measured) / Math.max(1, measured),
  }
}

function nameOf(profile: number): string {
  const named = Object.entries(profiles).find(([, own]) => own === profile)
  return named?.[0] ?? `${profile}`
}

function median(values: readonly number[]): number {
  const order = [...values].sort((a, b) => a - b)
  const at = (order.length - 1) / 2
  return (order[Math.floor(at)]! + order[Math.ceil(at)]!) / 2
}

const round = (value: number) => Number(value.toPrecision(2))
