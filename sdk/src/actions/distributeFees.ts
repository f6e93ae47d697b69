import type { Address } from 'viem'
import { feeSinkAbi } from '../abis/feeSinkAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DistributeFeesParameters = { token: Address }

/** Arguments of `Distributed`. */
export type DistributeFeesEvent = {
  token: Address
  burnt: bigint
  stakers: bigint
  audits: bigint
  treasury: bigint
}

/**
 * Splits the fees that have arrived; open to all (`FeeSink.distribute`, RULES D4).
 *
 * @example
 * await distributeFees(client, { token })
 */
export const distributeFees: WriteAction<
  DistributeFeesParameters,
  DistributeFeesEvent
> = writeAction({
  contract: 'feeSink',
  abi: feeSinkAbi,
  functionName: 'distribute',
  args: ({ token }) => [token],
  eventName: 'Distributed',
})
