import { encodeAbiParameters, getAbiItem, type Hex } from 'viem'
import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import { offersAbi } from '../abis/offersAbi.js'
import type { ComputeOffer } from '../types/offer.js'
import type { Order } from '../types/order.js'
import type { LockJobEvent } from './lockJob.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LockWithOfferParameters = {
  order: Order
  /** Of the requester; `0x` if the client's account is the requester. */
  signature: Hex
  offer: ComputeOffer
  /** Of the provider's hot key, by `signOffer`. */
  offerSignature: Hex
  /** Of the order's model in `offer.models`, by `setTree`; empty if that is the model's id. */
  modelProof?: Hex[] | undefined
  /** Of the provider's id in `allowedRoot`; empty for an order that names no providers. */
  allowed?: Hex[] | undefined
}

/**
 * Fills a standing offer with an order, in one transaction (`JobMarket.lockFrom` of Offers). Anyone may call; the requester needs no signature.
 *
 * @example
 * const { event } = await lockWithOffer.sync(client, { order, signature: '0x', offer, offerSignature })
 */
export const lockWithOffer: WriteAction<LockWithOfferParameters, LockJobEvent> =
  writeAction({
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'lockFrom',
    args: ({ order, signature, allowed = [], ...fill }, contracts) => [
      contracts.offers,
      order,
      signature,
      allowed,
      encodeFill(fill),
    ],
    eventName: 'JobLocked',
  })

/** `abi.encode(ComputeOffer offer, bytes32[] modelProof, bytes signature)`. */
function encodeFill(
  fill: Pick<
    LockWithOfferParameters,
    'offer' | 'offerSignature' | 'modelProof'
  >,
): Hex {
  const [offer] = getAbiItem({ abi: offersAbi, name: 'cancel' }).inputs
  return encodeAbiParameters(
    [offer, { type: 'bytes32[]' }, { type: 'bytes' }],
    [fill.offer, fill.modelProof ?? [], fill.offerSignature],
  )
}
