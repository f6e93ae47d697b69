/** What became of one case. */
export type CaseResult = {
  case: string
  outcome: 'passed' | 'refused' | 'failed'
  /** Why it was refused, or what is wrong. */
  reason?: string | undefined
  /** Operators of the case's own file. */
  operators: string[]
  /** Inputs that were made constants, because the protocol takes them as such. */
  frozen: string[]
  /** Elements of all results, how many were judged, of how many anything is accepted. */
  elements: number
  judged: number
  anything: number
  /** Claims just outside an interval that the TypeScript twin, and the contract, convicted. */
  convicted: number
  convictedOnChain: number
  /** Configurations of the processor that it ran in, and how many gave other bits than the first. */
  configurations: number
  differing: number
  /** By operator: how much of its allowance the runs took at most (1: all of it). */
  use: Record<string, Use>
  /** The same on a graphics card, where what is outside is counted. */
  graphics: Record<string, GraphicsUse>
  /** Why it did not run there. */
  graphicsFault?: string | undefined
}

/** Largest |error| / allowance of an operator that is not correctly rounded, and where. */
export type Use = { use: number; at: string }

export type GraphicsUse = Use & { elements: number; outside: number }
