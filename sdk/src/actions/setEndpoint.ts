import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type SetEndpointParameters = { providerId: number; endpoint: string }

/** Arguments of `EndpointSet`. */
export type SetEndpointEvent = { providerId: number; endpoint: string }

/**
 * Changes the base URL of a provider's data server (`StakeManager.setEndpoint`).
 *
 * @example
 * await setEndpoint(owner, { providerId, endpoint })
 */
export const setEndpoint: WriteAction<SetEndpointParameters, SetEndpointEvent> =
  writeAction({
    contract: 'stakeManager',
    abi: stakeManagerAbi,
    functionName: 'setEndpoint',
    args: ({ providerId, endpoint }) => [providerId, endpoint],
    eventName: 'EndpointSet',
  })
