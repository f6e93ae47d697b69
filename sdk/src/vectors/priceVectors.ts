import { type Hex, hexToBigInt, keccak256, toHex } from 'viem'
import { appraise, maxExposure } from '../actions/appraise.js'
import { auctionBond, auctionOutcome } from '../actions/auctionOutcome.js'
import { priceOf } from '../actions/priceOf.js'
import { splitPrice } from '../actions/splitPrice.js'

/** Numbers of one table, row after row, as decimal strings. */
type Table = string[]

/**
 * Cases of every price function with what the twins say, for
 * test/differential/Prices.t.sol to ask the contracts.
 */
export function priceVectors(): Record<string, Table> {
  const random = randomOf('prices')
  const below = (limit: bigint) => random() % limit
  const rows = (count: number, row: () => bigint[]): Table =>
    Array.from({ length: count }, row).flat().map(String)

  return {
    // low, high, start, duration, at, price
    ramps: rows(64, () => {
      const low = below(2n ** below(128n))
      const high = low + below(2n ** 127n)
      const start = below(2n ** 39n)
      const duration = below(2n ** below(32n))
      const at = start + below(2n * duration + 2n)
      const order = {
        minPrice: low,
        maxPrice: high,
        rampStart: Number(start),
        rampDuration: Number(duration),
      }
      return [low, high, start, duration, at, priceOf(order, Number(at))]
    }),
    // decimals, LYN rate, dollar feed with 8 decimals, whether in dollars, price, value at risk, wei, exposure
    appraisals: rows(48, () => {
      const decimals = Number(below(25n))
      const lynRate = 1n + below(2n ** 80n)
      const answer = 10n ** 4n + below(10n ** 12n)
      const usd = below(2n)
      const price = below(2n ** 84n)
      const valueAtRisk = below(2n ** 84n)
      const { wei, exposure } = appraise({
        rates: { lynRate, usdRate: answer * 10n ** 10n, decimals },
        usd: usd === 1n,
        price,
        valueAtRisk,
      })
      return [
        ...[BigInt(decimals), lynRate, answer, usd, price, valueAtRisk],
        ...[wei, exposure],
      ]
    }),
    // collateral, qEff in millionths, most exposure
    exposures: rows(32, () => {
      const collateral = below(2n ** 96n)
      const q = below(1_000_001n)
      return [collateral, q, maxExposure(collateral, Number(q))]
    }),
    // maximum, four bids in the order of their commits, bond, winner (index), price
    auctions: rows(12, () => {
      const maximum = 1n + below(20n)
      const bids = [0, 1, 2, 3].map((index) => ({
        providerId: index + 1,
        price: below(maximum + 1n),
      }))
      const outcome = auctionOutcome(bids, maximum)
      return [
        maximum,
        ...bids.map(({ price }) => price),
        auctionBond(maximum),
        BigInt(outcome?.providerId ?? 0) - 1n,
        outcome?.price ?? 0n,
      ]
    }),
    // price, fee in bps, royalty in bps, paid, fee, royalty
    splits: rows(16, () => {
      const price = below(15n * 10n ** 18n)
      const feeBps = below(1_001n)
      const royaltyBps = below(1_001n)
      const { paid, fee, royalty } = splitPrice({
        price,
        feeBps: Number(feeBps),
        royaltyBps: Number(royaltyBps),
      })
      return [price, feeBps, royaltyBps, paid, fee, royalty]
    }),
  }
}

/** The same numbers every time. */
function randomOf(seed: string): () => bigint {
  let state: Hex = keccak256(toHex(seed))
  return () => {
    state = keccak256(state)
    return hexToBigInt(state)
  }
}
