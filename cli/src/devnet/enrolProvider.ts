import {
  approveToken,
  type LynodeClient,
  registerNode,
  signHotKeyConsent,
  stake,
} from '@lynode/sdk'

export type EnrolProviderParameters = {
  /** Client of the hot key, which consents. */
  hot: LynodeClient
  /** Base URL of its data server; the daemon may set it itself later. */
  endpoint: string
  stake: bigint
  /** Default `provider`. */
  role?: 'provider' | 'verifier' | undefined
}

/** Registers a provider or verifier with the client's account as its owner, and stakes. */
export async function enrolProvider(
  owner: LynodeClient,
  parameters: EnrolProviderParameters,
): Promise<number> {
  const { hot, endpoint, stake: amount, role = 'provider' } = parameters
  const { lynToken, stakeManager } = owner.addressBook.contracts
  await approveToken(owner, { token: lynToken, spender: stakeManager, amount })
  const { event } = await registerNode.sync(owner, {
    role,
    hotKey: hot.account.address,
    endpoint,
    consent: await signHotKeyConsent(hot, {
      owner: owner.account.address,
      role,
    }),
  })
  const { providerId } = event
  await stake.sync(owner, { providerId, amount })
  return providerId
}
