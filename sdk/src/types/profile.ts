/** Accumulation in any order (docs/protocol.md section 3). */
export const plainProfile = 1

/** Profiles that mandate blocked accumulation, by the length of a block. */
export const blockedProfiles = [256, 512, 1024, 2048] as const

/** Whether the protocol defines a profile. */
export function isProfile(profile: number): boolean {
  return (
    profile === plainProfile ||
    (blockedProfiles as readonly number[]).includes(profile)
  )
}

/**
 * Most terms of a sum that a machine may add one after the other by a profile;
 * 0: any number. Twin of `FraudVerifier`'s.
 */
export function profileRun(profile: number): number {
  return profile === plainProfile ? 0 : profile
}
