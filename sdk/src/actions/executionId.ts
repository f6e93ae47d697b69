import { encodePacked, type Hex, keccak256 } from 'viem'

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
    // Words, as `abi.encode` has them.
    encodePacked(
      ['bytes32', 'uint256', 'uint256'],
      [jobId, BigInt(attempt), BigInt(providerId)],
    ),
  )
}
