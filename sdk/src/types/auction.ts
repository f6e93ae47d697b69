import type { Address, Hex } from 'viem'

/** A sealed auction, as `SealedAuctions.auctionOf` returns it. */
export type Auction = {
  commitEnd: number
  revealEnd: number
  /** The winner was locked. */
  taken: boolean
  /** The requester's bond has left. */
  returned: boolean
  /** Of each bid and of the requester, in LYN wei. */
  bond: bigint
  /** Provider of the lowest bid; 0 before the first reveal. */
  bestId: number
  bestIndex: number
  best: bigint
  /** What the winner is paid: the second lowest bid, or the maximum. */
  second: bigint
  bids: number
}

/**
 * Names of `ISealedAuctions.BidStatus`, by code.
 *
 * @example
 * bidStatuses[1] // 'sealed'
 */
export const bidStatuses = ['none', 'sealed', 'revealed', 'closed'] as const

/** What became of a bid. */
export type BidStatus = (typeof bidStatuses)[number]

/** A bid, as `SealedAuctions.bidOf` returns it. */
export type Bid = {
  hotKey: Address
  status: BidStatus
  madeAt: number
  index: number
  commitment: Hex
}
