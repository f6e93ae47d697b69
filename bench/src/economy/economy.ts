import { defaultParameters } from './defaultParameters.js'

/** What the simulation takes of the parameters; amounts in LYN, the rest fractions. */
export type EconomyParameters = {
  /** q: how many executions are sampled. */
  rate: number
  /** What D2 takes the probability for that an audit of a fraud finds it. */
  detection: number
  /** Expected seats of a draw. */
  seats: number
  /** Part of the fee due for a seat that is paid. */
  pay: number
  absentSlash: number
  faultSlash: number
  minVerificationFee: number
  minCollateral: number
  /** Protocol fee of jobs in LYN. */
  fee: number
  /** Part of the self-stake slashed that the prover gets. */
  bounty: number
  /** LYN that a question costs who asks in vain. */
  question: number
  /** LYN of a unit of gas. */
  lynPerGas: number
}

/** Name of a set of default parameters. */
export type ProfileName = keyof typeof defaultParameters

/** The parameters that a deployment of a profile starts from (docs/parameters.md). */
export function parametersOf(profile: ProfileName): EconomyParameters {
  const table = defaultParameters[profile]
  const lyn = (wei: bigint) => Number(wei) / 1e18
  return {
    rate: Number(table.auditRate) / 1e6,
    detection: Number(table.auditDetection) / 1e6,
    seats: Number(table.auditSeats) / 100,
    pay: Number(table.auditPay) / 1e4,
    absentSlash: lyn(table.absentSlash),
    faultSlash: lyn(table.faultSlash),
    minVerificationFee: lyn(table.minVerificationFee),
    minCollateral: lyn(table.minCollateral),
    fee: Number(table.feeBpsLyn) / 1e4,
    bounty: Number(table.bountyBps) / 1e4,
    question: (lyn(table.bond) * Number(table.burnBps)) / 1e4,
    lynPerGas: lyn(table.lynPerGas),
  }
}

/** What no parameter says: who is there, and what work costs. Fractions unless told otherwise. */
export type Assumptions = {
  verifiers: number
  /** Of the verifiers' stake; the rest is honest and cannot be bribed. */
  copying: number
  sleeping: number
  /** Honest unless paid: says that a false result is right for what a conviction would bring it. */
  corruptible: number
  /** That an honest audit of a wrong result finds it: machines fail. */
  finds: number
  /** Of the attestations that are not their own bits, how many the honest ask for on chain: `questionShare` of their daemon. */
  asks: number
  /** How often two honest machines have the same bits. */
  sameBits: number
  /** Prices in LYN, evenly distributed over their logarithm. */
  priceFrom: number
  priceTo: number
  /** Cost of the work in prices. */
  work: number
  /** Cost of an audit in costs of the work: the traced run of a job of one step. */
  audit: number
  /** What verifiers want to keep of their pay; the fee of an order is made so, if the least one is not enough. */
  margin: number
  /** Gas of lock, delivery and settlement; of commit and reveal. */
  jobGas: number
  auditGas: number
}

/**
 * A fifth of the stake does not work and as much can be bought. Nobody looks who
 * was not drawn, no requester complains, and there is no canary.
 */
export const assumptions: Assumptions = {
  verifiers: 60,
  copying: 0.1,
  sleeping: 0.1,
  corruptible: 0.2,
  finds: 0.98,
  asks: 0.05,
  sameBits: 0.5,
  priceFrom: 1,
  priceTo: 1_000,
  work: 0.6,
  audit: 1.5,
  margin: 0.2,
  jobGas: 245_000,
  auditGas: 150_000,
}
