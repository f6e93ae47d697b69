import {
  type Address,
  encodeAbiParameters,
  getAbiItem,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import type { FraudProof } from '../types/fraudProof.js'

export type ProofCommitmentParameters = {
  chainId: number
  execId: Hex
  /** The account that commits and reveals. */
  prover: Address
  proof: FraudProof
  /** 32 random bytes, to be kept until the reveal. */
  salt: Hex
}

/**
 * Computes the hash that `commitProof` sends: it binds chain, execution, sender
 * and proof (RULES A6).
 *
 * @example
 * proofCommitment({ chainId, execId, prover: account.address, proof, salt })
 */
export function proofCommitment(parameters: ProofCommitmentParameters): Hex {
  const { chainId, execId, prover, proof, salt } = parameters
  const { inputs } = getAbiItem({ abi: disputesAbi, name: 'proveFraud' })
  const proofHash = keccak256(encodeAbiParameters([inputs[1]], [proof]))
  return keccak256(
    encodeAbiParameters(
      parseAbiParameters('uint256, bytes32, address, bytes32, bytes32'),
      [BigInt(chainId), execId, prover, proofHash, salt],
    ),
  )
}
