import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type UnjailParameters = {
  providerId: number
}

/** Arguments of `Unjailed`. */
export type UnjailEvent = {
  providerId: number
}

/**
 * Lets a slashed provider lock again, once its jail is over (`StakeManager.unjail`). Only the owner.
 *
 * @example
 * await unjail(owner, { providerId })
 */
export const unjail: WriteAction<UnjailParameters, UnjailEvent> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'unjail',
  args: ({ providerId }) => [providerId],
  eventName: 'Unjailed',
})
