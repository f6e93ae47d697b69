import type { CreateLynodeClientReturnType, Manifest } from '@lynode/sdk'
import type { DataAccess, Devnet } from 'lynode/devnet'
import type { Hex } from 'viem'

/** What the three stories share. */
export type DemoContext = {
  devnet: Devnet
  requester: CreateLynodeClientReturnType
  data: DataAccess
  manifest: Manifest
  /** Committed bytes of the picture are uploaded under this root. */
  inputRoot: Hex
  /** Text that is in the picture's outputs, by output bytes. */
  decode(output: Uint8Array): string
}

/** How a story ended. */
export type StoryResult = { jobId: Hex; seconds: number }
