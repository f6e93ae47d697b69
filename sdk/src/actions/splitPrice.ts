export type SplitPriceParameters = {
  /** Of the job, in wei of the pay token. */
  price: bigint
  /** Of the snapshot that the order signs. */
  feeBps: number
  /** Of the model. */
  royaltyBps: number
}

/** Who gets what of a price; the parts sum to it. */
export type PriceSplit = { paid: bigint; fee: bigint; royalty: bigint }

/**
 * Computes how a settlement divides a price: the twin of `JobMarket.settle`. Fee
 * and royalty are rounded down, the provider gets the remainder.
 *
 * @example
 * splitPrice({ price: 10_000n, feeBps: 250, royaltyBps: 100 }) // { paid: 9650n, fee: 250n, royalty: 100n }
 */
export function splitPrice(parameters: SplitPriceParameters): PriceSplit {
  const { price, feeBps, royaltyBps } = parameters
  const fee = (price * BigInt(feeBps)) / 10_000n
  const royalty = (price * BigInt(royaltyBps)) / 10_000n
  return { paid: price - fee - royalty, fee, royalty }
}
