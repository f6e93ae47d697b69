import { type ProfileName, profiles } from '@lynode/sdk'

/** What `--profile` takes. */
export const profileNames: readonly ProfileName[] = Object.keys(
  profiles,
) as ProfileName[]
