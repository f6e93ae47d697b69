import {
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem'

export type ExecutionIdParameters = {
  jobId: Hex
  /** From 0; the market counts one up with each re-opening. */
  attempt: number
  providerId: number
}

/**
 * Computes the id of one attempt at a job, as `Disputes.execIdOf` does (RULES A1).
 *
 * @example
 * executionId({ jobId, attempt: 0, providerId: 1 })
 */
export function executionId(parameters: ExecutionIdParameters): Hex {
  const { jobId, attempt, providerId } = parameters
  return keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, uint8, uint32'), [
      jobId,
      attempt,
      providerId,
    ]),
  )
}
