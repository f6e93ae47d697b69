import type { Hex } from 'viem'
import { type Change, type Row, upsert, type Values } from './change.js'

const periods = { hour: 3_600, day: 86_400 } as const

type Period = keyof typeof periods

/** Start of the hour or day that a time falls into, in UTC. */
export function startOf(period: Period, time: number): number {
  return time - (time % periods[period])
}

/** Columns of `bucket` that only count. */
export type Counter =
  | 'locked'
  | 'delivered'
  | 'settled'
  | 'convicted'
  | 'expired'
  | 'refunded'

/** Counts one more of something in the hour and in the day of a time. */
export function counted(time: number, counter: Counter): Change[] {
  return inBuckets(time, (row) => ({ [counter]: row[counter] + 1 }))
}

/** Counts a slash. */
export function countedSlash(time: number, amount: bigint): Change[] {
  return inBuckets(time, (row) => ({
    slashes: row.slashes + 1,
    slashed: row.slashed + amount,
  }))
}

/** Keeps how much stake there is now. */
export function countedStake(
  time: number,
  stake: Partial<Pick<Values<'bucket'>, 'activeStake' | 'delegatedStake'>>,
): Change[] {
  return inBuckets(time, () => stake)
}

/** Counts a job that was paid, by its pay token and by its model. */
export function countedSale(
  time: number,
  sale: {
    token: Hex
    modelId: Hex | null
    steps: number | null
    fee: bigint
    royalty: bigint
    price: bigint
  },
): Change[] {
  const { token, modelId, price, fee, royalty } = sale
  const steps = sale.steps ?? 0
  return each(time).flatMap(([period, start]) => [
    upsert(
      'volumeBucket',
      {
        ...{ period, start, token, jobs: 1, volume: price },
        ...{ fees: fee, royalties: royalty },
      },
      (row) => ({
        jobs: row.jobs + 1,
        volume: row.volume + price,
        fees: row.fees + fee,
        royalties: row.royalties + royalty,
      }),
    ),
    ...(modelId === null
      ? []
      : [
          upsert(
            'modelBucket',
            { period, start, modelId, token, jobs: 1, steps, volume: price },
            (row) => ({
              jobs: row.jobs + 1,
              steps: row.steps + steps,
              volume: row.volume + price,
            }),
          ),
        ]),
  ])
}

function each(time: number): [Period, number][] {
  return (Object.keys(periods) as Period[]).map((period) => [
    period,
    startOf(period, time),
  ])
}

function inBuckets(
  time: number,
  change: (row: Values<'bucket'>) => Partial<Values<'bucket'>>,
): Change[] {
  return each(time).map(([period, start]) => {
    const empty = emptyBucket(period, start)
    return upsert(
      'bucket',
      { ...empty, ...change(empty) },
      (row: Row<'bucket'>) => change(row),
    )
  })
}

function emptyBucket(period: Period, start: number): Values<'bucket'> {
  return {
    period,
    start,
    locked: 0,
    delivered: 0,
    settled: 0,
    convicted: 0,
    expired: 0,
    refunded: 0,
    slashes: 0,
    slashed: 0n,
    activeStake: null,
    delegatedStake: null,
  }
}
