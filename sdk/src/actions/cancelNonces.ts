import type { Address } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CancelNoncesParameters = {
  /** Word of the nonce bitmap: nonce / 256. */
  word: bigint
  /** Bits of the word to spend. */
  mask: bigint
}

/** Arguments of `NoncesCancelled`. */
export type CancelNoncesEvent = {
  requester: Address
  word: bigint
  mask: bigint
}

/**
 * Spends nonces of the caller that no lock has used yet (`JobMarket.cancel`).
 *
 * @example
 * await cancelNonces(client, { word: 0n, mask: 1n << 7n })
 */
export const cancelNonces: WriteAction<
  CancelNoncesParameters,
  CancelNoncesEvent
> = writeAction({
  contract: 'jobMarket',
  abi: jobMarketAbi,
  functionName: 'cancel',
  args: ({ word, mask }) => [word, mask],
  eventName: 'NoncesCancelled',
})
