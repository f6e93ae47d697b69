/** A revealed bid, in the order in which bids were committed. */
export type RevealedBid = { providerId: number; price: bigint }

/**
 * Computes who wins a sealed auction and at which price: the twin of
 * `SealedAuctions`. The lowest bid wins, the earlier of two equal ones; it is
 * paid the second lowest, or the maximum if it is alone.
 *
 * @param bids - Revealed bids, by time of the commit.
 * @param maximum - `maxPrice` of the order.
 * @returns Nothing without a bid.
 * @example
 * auctionOutcome([], 10n) // undefined: nobody bid
 */
export function auctionOutcome(
  bids: readonly RevealedBid[],
  maximum: bigint,
): RevealedBid | undefined {
  const [winner, second] = [...bids].sort((a, b) =>
    a.price < b.price ? -1 : a.price > b.price ? 1 : 0,
  )
  if (winner === undefined) return undefined
  return { providerId: winner.providerId, price: second?.price ?? maximum }
}

/** Of the maximum, what each bidder and the requester pledge, in bps (RULES D7). */
const bondBps = 2_000n

/**
 * Computes the bond of a sealed auction: the twin of `SealedAuctions.bondOf`,
 * rounded up.
 *
 * @param maximum - `maxPrice` of the order in LYN wei, as `appraise` says.
 * @example
 * auctionBond(1_000n) // a fifth of the maximum
 */
export function auctionBond(maximum: bigint): bigint {
  return (maximum * bondBps + 9_999n) / 10_000n
}
