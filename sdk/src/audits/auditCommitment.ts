import { encodeAbiParameters, type Hex, keccak256 } from 'viem'

export type AuditCommitmentParameters = {
  execId: Hex
  verifierId: number
  traceRoot: Hex
  /** 1 agrees, 2 differs. */
  finding: number
  salt: Hex
}

const types = [
  { type: 'bytes32' },
  { type: 'uint32' },
  { type: 'bytes32' },
  { type: 'uint8' },
  { type: 'bytes32' },
] as const

/**
 * Hash that a verifier commits to before it reveals (docs/protocol.md section 11).
 *
 * @example
 * const hash = auditCommitment({ execId, verifierId, traceRoot, finding, salt })
 */
export function auditCommitment({
  execId,
  verifierId,
  traceRoot,
  finding,
  salt,
}: AuditCommitmentParameters): Hex {
  return keccak256(
    encodeAbiParameters(types, [execId, verifierId, traceRoot, finding, salt]),
  )
}
