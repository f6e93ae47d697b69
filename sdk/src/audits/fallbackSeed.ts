import type { Hex } from 'viem'
import { auditManagerAbi } from '../abis/auditManagerAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type FallbackSeedParameters = {
  epoch: number
  /** RLP of the header of the epoch's fallback block: `encodeHeader`. */
  header: Hex
}

/** Arguments of `SeedDrawn`, or of `FallbackMoved`. */
export type FallbackSeedEvent = {
  epoch: number
  seed?: bigint
  ratePpm?: number
  qEffPpm?: number
  fallback_?: boolean
  /** Of `FallbackMoved`: the block was out of reach, a later one takes its place. */
  fallbackBlock?: bigint
}

/**
 * Takes the prevrandao of the fixed block as an epoch's seed, because the oracle gave none in time (`AuditManager.fallbackSeed`, RULES E1). Anyone may.
 *
 * @example
 * const { fallbackBlock } = await getEpoch(client, { epoch })
 * const header = encodeHeader(await client.request({ method: 'eth_getBlockByNumber', params: [numberToHex(fallbackBlock), false] }))
 * await fallbackSeed.sync(client, { epoch, header })
 */
export const fallbackSeed: WriteAction<
  FallbackSeedParameters,
  FallbackSeedEvent
> = writeAction({
  contract: 'auditManager',
  abi: auditManagerAbi,
  functionName: 'fallbackSeed',
  args: ({ epoch, header }) => [epoch, header],
  eventName: ['SeedDrawn', 'FallbackMoved'],
})
