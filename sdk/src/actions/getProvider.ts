import type { Address } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetProviderParameters = { providerId: number }

/** A provider. Twin of `IStakeManager.Provider`, with its endpoint. */
export type Provider = {
  providerId: number
  owner: Address
  hotKey: Address
  stake: bigint
  thawing: bigint
  reserved: bigint
  thawedAt: number
  jailedUntil: number
  reputation: number
  /** Base URL of its data server. */
  endpoint: string
}

/** Reads a provider and its endpoint (`StakeManager.providerOf`, `endpointOf`). */
export async function getProvider(
  client: LynodeReader,
  { providerId }: GetProviderParameters,
): Promise<Provider> {
  const call = {
    contract: 'stakeManager',
    abi: stakeManagerAbi,
    args: [providerId],
  } as const
  const [provider, endpoint] = await Promise.all([
    readAction(client, { ...call, functionName: 'providerOf' }),
    readAction(client, { ...call, functionName: 'endpointOf' }),
  ])
  return { providerId, ...provider, endpoint }
}
