import type { Address, Hex } from 'viem'

/** One call that a passed proposal makes. */
export type ProposalAction = {
  target: Address
  value: bigint
  data: Hex
}

/** What a proposal does, and why; together they are its id. */
export type ProposalContent = {
  actions: readonly ProposalAction[]
  description: string
}

/**
 * The states of OpenZeppelin's Governor, by their number.
 *
 * @example
 * proposalStates[4] // 'succeeded'
 */
export const proposalStates = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const

export type ProposalState = (typeof proposalStates)[number]

/**
 * How a vote may go, by its number.
 *
 * @example
 * supports[1] // 'for'
 */
export const supports = ['against', 'for', 'abstain'] as const

export type Support = (typeof supports)[number]

/** A proposal and how it stands. Times in seconds, votes in LYN wei. */
export type Proposal = ProposalContent & {
  proposalId: bigint
  proposer: Address
  state: ProposalState
  /** Votes count as they were then. */
  snapshot: bigint
  /** Late votes may still move it. */
  deadline: bigint
  /** When it can be executed; 0 until it is queued. */
  eta: bigint
  votes: Record<Support, bigint>
  /** Votes for and abstentions that it needs; 0 before its snapshot. */
  quorum: bigint
}

/**
 * The arguments that the Governor's functions take.
 *
 * @example
 * const [targets, values, calldatas] = proposalArgs({ actions, description: 'why' })
 */
export function proposalArgs({
  actions,
}: ProposalContent): [readonly Address[], readonly bigint[], readonly Hex[]] {
  return [
    actions.map(({ target }) => target),
    actions.map(({ value }) => value),
    actions.map(({ data }) => data),
  ]
}
