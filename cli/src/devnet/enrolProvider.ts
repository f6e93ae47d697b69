import {
  approveToken,
  type LynodeClient,
  registerProvider,
  stake,
} from '@lynode/sdk'
import type { Address } from 'viem'

export type EnrolProviderParameters = {
  hotKey: Address
  /** Base URL of its data server; the daemon may set it itself later. */
  endpoint: string
  stake: bigint
}

/** Registers a provider with the client's account as its owner, and stakes. */
export async function enrolProvider(
  owner: LynodeClient,
  parameters: EnrolProviderParameters,
): Promise<number> {
  const { hotKey, endpoint, stake: amount } = parameters
  const { lynToken, stakeManager } = owner.addressBook.contracts
  await approveToken(owner, { token: lynToken, spender: stakeManager, amount })
  const { event } = await registerProvider.sync(owner, { hotKey, endpoint })
  const { providerId } = event
  await stake.sync(owner, { providerId, amount })
  return providerId
}
