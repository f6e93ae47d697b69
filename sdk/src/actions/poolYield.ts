import type { PoolHistory } from './getPoolHistory.js'

export type PoolYieldParameters = {
  distributions: PoolHistory['distributions']
  /** The pool's assets now. */
  assets: bigint
  nonce: number
  /** End of the period, in seconds. */
  now: number
  /** Length of the period in seconds; default 30 days. */
  period?: number | undefined
}

/** What a pool's members earned in a period. */
export type PoolYield = {
  earned: bigint
  /** Seconds from the first distribution in the period, or the period's start, to `now`. */
  seconds: number
  /** Basis points a year of today's assets, if it went on like that; `undefined` without a history. */
  annualBps: number | undefined
}

const year = 365 * 86_400

/**
 * What members of a pool earned lately: the past, and no promise.
 *
 * @example
 * poolYield({ distributions: [], assets: 1_000n, nonce, now: 86_400, period: 86_400 }).earned // 0n
 */
export function poolYield({
  distributions,
  assets,
  nonce,
  now,
  period = 30 * 86_400,
}: PoolYieldParameters): PoolYield {
  const all = distributions.filter((one) => one.nonce === nonce)
  const recent = all.filter(({ time }) => time > now - period)
  const earned = recent.reduce((sum, { toMembers }) => sum + toMembers, 0n)
  const first = Math.min(now, ...all.map(({ time }) => time))
  const seconds = Math.min(period, now - first)
  const annualBps =
    assets === 0n || seconds === 0
      ? undefined
      : Number((earned * 10_000n * BigInt(year)) / (assets * BigInt(seconds)))
  return { earned, seconds, annualBps }
}
