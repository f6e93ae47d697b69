import type { Hex } from 'viem'
import { type Change, type Row, upsert, type Values } from './change.js'

const hour = 3_600

/** Start of the hour that a time falls into, in UTC. */
export function hourOf(time: number): number {
  return time - (time % hour)
}

/** Columns of `marketHour` that an event of a job adds to. */
export type Counts = Partial<Omit<Values<'marketHour'>, 'start' | 'token'>>

/** What stands for the pay token of a job whose order nobody has shown. */
const unknown: Hex = '0x'

/** Counts what became of a job in the hour of a time. */
export function counted(time: number, token: Hex | null, by: Counts): Change {
  const first: Values<'marketHour'> = {
    start: hourOf(time),
    token: token ?? unknown,
    jobs: 0,
    locked: 0,
    delivered: 0,
    settled: 0,
    convicted: 0,
    expired: 0,
    refunded: 0,
    volume: 0n,
    fees: 0n,
    royalties: 0n,
    ...by,
  }
  return upsert('marketHour', first, (row) => sumOf(row, by))
}

/** Counts a job that was paid, by its pay token and by its model. */
export function countedSale(
  time: number,
  sale: {
    token: Hex | null
    modelId: Hex | null
    steps: number | null
    fee: bigint
    royalty: bigint
    price: bigint
  },
): Change[] {
  const { token, modelId, price: volume, fee: fees, royalty: royalties } = sale
  if (token === null) return [counted(time, token, { settled: 1 })]
  const all = counted(time, token, { settled: 1, volume, fees, royalties })
  if (modelId === null) return [all]
  const by = { jobs: 1, steps: sale.steps ?? 0, volume }
  return [
    all,
    upsert(
      'modelHour',
      { start: hourOf(time), modelId, token, ...by },
      (row) => ({
        jobs: row.jobs + by.jobs,
        steps: row.steps + by.steps,
        volume: row.volume + volume,
      }),
    ),
  ]
}

/** Counts a slash. */
export function countedSlash(time: number, amount: bigint): Change {
  return inStakeHour(time, (row) => ({
    slashes: row.slashes + 1,
    slashed: row.slashed + amount,
  }))
}

/** Keeps how much stake there is now. */
export function countedStake(
  time: number,
  stake: Partial<Pick<Values<'stakeHour'>, 'activeStake' | 'delegatedStake'>>,
): Change {
  return inStakeHour(time, () => stake)
}

/** The counts of a row that are added to, with what is added. */
function sumOf(row: Row<'marketHour'>, by: Counts): Counts {
  const after: Record<string, number | bigint> = {}
  for (const [name, value] of Object.entries(by)) {
    const before = row[name as keyof Counts]
    after[name] =
      typeof value === 'bigint'
        ? BigInt(before) + value
        : Number(before) + value
  }
  return after
}

function inStakeHour(
  time: number,
  change: (row: Values<'stakeHour'>) => Partial<Values<'stakeHour'>>,
): Change {
  const empty: Values<'stakeHour'> = {
    start: hourOf(time),
    slashes: 0,
    slashed: 0n,
    activeStake: null,
    delegatedStake: null,
  }
  return upsert(
    'stakeHour',
    { ...empty, ...change(empty) },
    (row: Row<'stakeHour'>) => change(row),
  )
}
