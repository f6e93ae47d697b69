import type {
  callbacksAbi,
  offersAbi,
  receiptsAbi,
  sealedAuctionsAbi,
} from '@lynode/sdk'
import type { GetEventArgs, Hex } from 'viem'
import {
  type Change,
  insert,
  read,
  update,
  upsert,
  type Values,
} from './change.js'
import type { Rules } from './event.js'
import { offerInFill, ofOrder, orderInLock } from './orders.js'
import { toJson } from './toJson.js'

/** Offers: what providers sell at which price, and how much is taken. */
export const offersRules: Rules<typeof offersAbi> = {
  OfferAnnounced: ({ args: { offerId, offer, signature } }) => [
    ofOffer(offerId, offer, signature),
  ],
  OfferCancelled: ({ args: { offerId, providerId } }) => [
    upsert(
      'offer',
      { ...unknownOffer(offerId, providerId), cancelled: true },
      () => ({ cancelled: true }),
    ),
  ],
  OfferFilled: (event) => {
    const { offerId, jobId, providerId, filled } = event.args
    // Nobody but the market fills: the call that it came by is to it.
    const { transaction } = event
    const call =
      transaction.to === null
        ? undefined
        : orderInLock({ address: transaction.to, transaction })
    const found = offerInFill(call?.data)
    return [
      ...(found !== undefined && found.offer.providerId === providerId
        ? [ofOffer(offerId, found.offer, found.signature)]
        : []),
      upsert(
        'offer',
        { ...unknownOffer(offerId, providerId), filled, fills: 1 },
        (row) => ({ filled, fills: row.fills + 1 }),
      ),
      insert('offerFill', {
        ...{ offerId, jobId, providerId, filled },
        transaction: transaction.hash,
      }),
    ]
  },
}

/** SealedAuctions: bids and who won. */
export const sealedAuctionsRules: Rules<typeof sealedAuctionsAbi> = {
  AuctionOpened: ({ args }) => {
    const { jobId, requester, commitEnd, revealEnd, bond, order } = args
    return [
      ofOrder(jobId, { order, signature: '0x' }, false),
      insert('auction', {
        ...{ jobId, requester, commitEnd, revealEnd, bond },
        collateral: order.collateral,
        bids: 0,
        bestId: 0,
        best: 0n,
        second: order.maxPrice,
        taken: false,
        winnerId: 0,
        price: 0n,
        returned: false,
        bondReturned: 0n,
        bondBurnt: 0n,
      }),
    ]
  },
  BidCommitted: ({ args: { jobId, providerId, commitment } }) =>
    read('auction', { jobId }, (auction) => [
      insert('bid', {
        ...{ jobId, providerId, commitment, status: 'sealed', price: null },
        ...{ leads: false, returned: 0n, burnt: 0n },
      }),
      update('auction', { jobId }, (row) => ({ bids: row.bids + 1 })),
      update('providerEntry', { providerId }, (row) => ({
        reserved: (row.reserved ?? 0n) + (auction?.collateral ?? 0n),
      })),
    ]),
  BidRevealed: ({ args: { jobId, providerId, price, leads } }) =>
    read('auction', { jobId }, (auction) => [
      update('bid', { jobId, providerId }, () => ({
        status: 'revealed',
        ...{ price, leads },
      })),
      ...(leads && auction !== undefined && auction.bestId !== 0
        ? [
            update('bid', { jobId, providerId: auction.bestId }, () => ({
              leads: false,
            })),
          ]
        : []),
      update('auction', { jobId }, (row) => {
        if (!leads) return price < row.second ? { second: price } : {}
        return {
          ...{ best: price, bestId: providerId },
          ...(row.bestId === 0 ? {} : { second: row.best }),
        }
      }),
    ]),
  AuctionWon: ({ args: { jobId, providerId, price } }) => [
    update('auction', { jobId }, () => ({
      ...{ taken: true, winnerId: providerId, price },
    })),
  ],
  BidClosed: ({ args: { jobId, providerId, returned, burnt } }) =>
    read('auction', { jobId }, (auction) => [
      update('bid', { jobId, providerId }, () => ({
        status: 'closed',
        ...{ returned, burnt },
      })),
      update('providerEntry', { providerId }, (row) => ({
        reserved: (row.reserved ?? 0n) - (auction?.collateral ?? 0n),
      })),
    ]),
  RequesterBondClosed: ({ args: { jobId, returned, burnt } }) => [
    update('auction', { jobId }, () => ({
      ...{ returned: true, bondReturned: returned, bondBurnt: burnt },
    })),
  ],
}

/** Callbacks: what reached the consumers. */
export const callbacksRules: Rules<typeof callbacksAbi> = {
  CalledBack: ({ args: { jobId, ok } }) => [
    update('job', { jobId }, () => ({ callbackOk: ok })),
  ],
  FeeReclaimed: ({ args: { jobId, fee } }) => [
    update('job', { jobId }, () => ({ callbackFeeReclaimed: fee })),
  ],
}

/** Receipts: requesters that have their outputs. */
export const receiptsRules: Rules<typeof receiptsAbi> = {
  OutputsWaived: ({ args: { execId } }) => [
    update('execution', { execId }, () => ({ waived: true })),
  ],
}

type Offer = GetEventArgs<
  typeof offersAbi,
  'OfferAnnounced',
  { EnableUnion: false; IndexedOnly: false; Required: true }
>['offer']

function ofOffer(offerId: Hex, offer: Offer, signature: Hex): Change {
  const terms = {
    models: offer.models,
    class: offer.class,
    payToken: offer.payToken,
    pricePerStep: offer.pricePerStep,
    capacity: offer.capacity,
    expiry: offer.expiry,
    terms: toJson(offer) as Record<string, string | number>,
    signature,
  }
  return upsert(
    'offer',
    { ...unknownOffer(offerId, offer.providerId), ...terms },
    () => terms,
  )
}

function unknownOffer(offerId: Hex, providerId: number): Values<'offer'> {
  return {
    offerId,
    providerId,
    models: null,
    class: null,
    payToken: null,
    pricePerStep: null,
    capacity: null,
    expiry: null,
    terms: null,
    signature: null,
    filled: 0n,
    fills: 0,
    cancelled: false,
  }
}
