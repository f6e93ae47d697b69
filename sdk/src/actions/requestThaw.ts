import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RequestThawParameters = { providerId: number; amount: bigint }

/** Arguments of `ThawRequested`. */
export type RequestThawEvent = {
  providerId: number
  thawing: bigint
  thawedAt: number
}

/**
 * Starts the thaw of stake, which stays slashable meanwhile (`StakeManager.requestThaw`, RULES F2).
 *
 * @example
 * await requestThaw(owner, { providerId, amount })
 */
export const requestThaw: WriteAction<RequestThawParameters, RequestThawEvent> =
  writeAction({
    contract: 'stakeManager',
    abi: stakeManagerAbi,
    functionName: 'requestThaw',
    args: ({ providerId, amount }) => [providerId, amount],
    eventName: 'ThawRequested',
  })
