import type { Address } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RegisterProviderParameters = {
  hotKey: Address
  /** Base URL of the provider's data server. */
  endpoint: string
}

/** Arguments of `ProviderRegistered`. */
export type RegisterProviderEvent = {
  providerId: number
  owner: Address
  hotKey: Address
}

/**
 * Registers the client's account as owner of a new provider (`StakeManager.register`).
 *
 * @example
 * const { event } = await registerProvider.sync(owner, { hotKey, endpoint: 'http://127.0.0.1:7000' })
 */
export const registerProvider: WriteAction<
  RegisterProviderParameters,
  RegisterProviderEvent
> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'register',
  args: ({ hotKey, endpoint }) => [hotKey, endpoint],
  eventName: 'ProviderRegistered',
})
