import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type SetCapabilitiesParameters = {
  providerId: number
  /** Of `packCapabilities`. */
  capabilities: bigint
}

/** Arguments of `CapabilitiesSet`. */
export type SetCapabilitiesEvent = SetCapabilitiesParameters

/**
 * Says what orders may ask of a provider (`StakeManager.setCapabilities`).
 *
 * @example
 * await setCapabilities(owner, { providerId, capabilities: packCapabilities({ flags: ['cpu'] }) })
 */
export const setCapabilities: WriteAction<
  SetCapabilitiesParameters,
  SetCapabilitiesEvent
> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'setCapabilities',
  args: ({ providerId, capabilities }) => [providerId, capabilities],
  eventName: 'CapabilitiesSet',
})
