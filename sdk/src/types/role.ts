/**
 * Codes of the roles that stake, as `contracts/types/Role.sol` has them.
 *
 * @example
 * roleCodes.verifier // 1
 */
export const roleCodes = { provider: 0, verifier: 1 } as const

/** What stake backs: results or audits. */
export type Role = keyof typeof roleCodes
