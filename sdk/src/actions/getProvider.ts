import type { Address } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { type Role, roleCodes } from '../types/role.js'
import { readAction } from './readAction.js'

export type GetProviderParameters = { providerId: number }

/** A provider or verifier. Twin of `IStakeManager.Provider`, with its endpoint. */
export type Provider = {
  providerId: number
  owner: Address
  hotKey: Address
  /** The owner's, thawing included. */
  stake: bigint
  thawing: bigint
  /** What a slash may take of the running pool. */
  delegated: bigint
  /** What may be reserved in all. */
  capacity: bigint
  reserved: bigint
  thawedAt: number
  /** 0 unless jailed; from then on the owner may `unjail`. */
  jailedUntil: number
  /** Of 2^24 - 1 (RULES D11). */
  reputation: number
  role: Role
  /** Packed: `unpackCapabilities` takes it apart. */
  capabilities: bigint
  /** Base URL of its data server. */
  endpoint: string
}

/**
 * Reads a provider or verifier and its endpoint (`StakeManager.providerOf`, `endpointOf`).
 *
 * @example
 * const { stake, endpoint } = await getProvider(client, { providerId })
 */
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
  const role = provider.role === roleCodes.verifier ? 'verifier' : 'provider'
  return { providerId, ...provider, role, endpoint }
}
