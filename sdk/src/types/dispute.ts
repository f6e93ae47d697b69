/**
 * Kinds of demands, in the contract's order.
 *
 * @example
 * demandKinds.chunk // 2
 */
export const demandKinds = {
  trace: 0,
  output: 1,
  chunk: 2,
  tensor: 3,
  witness: 4,
  step: 5,
} as const

/** Name of a kind of demand. */
export type DemandKind = keyof typeof demandKinds

/** What a demand asks for. Twin of `IDisputes.Request`. */
export type DemandRequest = {
  /** One of `demandKinds`. */
  kind: number
  step: number
  /** Of chunk, tensor and witness demands; else 0. */
  value: number
  /** The first one of a chunk demand; of a witness demand the logical index of the element; else 0. */
  chunk: number
  /** Chunks of a chunk demand; of a tensor demand all that the value has; else 0. */
  count: number
}

/**
 * States of a demand, in the contract's order.
 *
 * @example
 * demandStatuses[1] // 'open'
 */
export const demandStatuses = [
  'none',
  'open',
  'answered',
  'expired',
  'claimed',
] as const

/** State of a demand. */
export type DemandStatus = (typeof demandStatuses)[number]

/**
 * Outcomes of an execution, in the contract's order.
 *
 * @example
 * outcomes[2] // 'convicted'
 */
export const outcomes = ['open', 'settled', 'convicted', 'void'] as const

/** Outcome of an execution. */
export type Outcome = (typeof outcomes)[number]
