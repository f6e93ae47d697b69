import { LynodeError } from '../errors/lynodeError.js'

/** What `PriceOracle` knows of a pay token. */
export type TokenRates = {
  /** LYN wei of one whole token; `null` for LYN itself. */
  lynRate: bigint | null
  /** US dollars with 18 decimals of one whole token. */
  usdRate: bigint
  decimals: number
}

export type AppraiseParameters = {
  rates: TokenRates
  /** Whether the amounts are dollars with 18 decimals instead of wei of the token. */
  usd: boolean
  price: bigint
  valueAtRisk: bigint
}

/**
 * Computes what a price means in the pay token, rounded down, and price and
 * value at risk together in LYN wei, rounded up: the twin of
 * `PriceOracle.appraise` (RULES D2).
 *
 * @example
 * appraise({ rates, usd: false, price: 5n, valueAtRisk: 0n })
 */
export function appraise(parameters: AppraiseParameters): {
  wei: bigint
  exposure: bigint
} {
  const { rates, usd, price, valueAtRisk } = parameters
  const unit = 10n ** BigInt(rates.decimals)
  let wei = price
  let exposure = price + valueAtRisk
  if (usd) {
    wei = (price * unit) / rates.usdRate
    exposure = divideUp(exposure * unit, rates.usdRate)
  }
  if (rates.lynRate !== null)
    exposure = divideUp(exposure * rates.lynRate, unit)
  return { wei, exposure }
}

/** Of a fraud slash, what is burnt at least, in bps (RULES D1). */
const burntBps = 6_000n

/**
 * Computes the most LYN wei of price and value at risk that a collateral backs:
 * the twin of `JobMarket.maxExposureOf` (RULES D2).
 *
 * @param collateral - Of the order, in LYN wei.
 * @param qEffPpm - How likely a cheat is caught, in millionths.
 * @example
 * maxExposure(1_000n, 500_000)
 */
export function maxExposure(collateral: bigint, qEffPpm: number): bigint {
  if (qEffPpm >= 1_000_000) return 2n ** 256n - 1n
  const q = BigInt(qEffPpm)
  return (q * collateral * burntBps) / ((1_000_000n - q) * 10_000n)
}

/**
 * Computes the least collateral that backs an exposure: the inverse of
 * {@link maxExposure}, rounded up.
 *
 * @param exposure - Price and value at risk, in LYN wei.
 * @param qEffPpm - How likely a cheat is caught, in millionths.
 * @returns LYN wei.
 * @throws LynodeError `LY-MKT-020` when nothing is caught.
 * @example
 * leastCollateralOf(600n, 500_000)
 */
export function leastCollateralOf(exposure: bigint, qEffPpm: number): bigint {
  if (qEffPpm === 0) throw new LynodeError('LY-MKT-020')
  const q = BigInt(qEffPpm)
  return divideUp(exposure * (1_000_000n - q) * 10_000n, q * burntBps)
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
