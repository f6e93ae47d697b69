import { countedStake } from './buckets.js'
import { type Change, read, type Step, upsert, type Values } from './change.js'

const empty: Values<'protocolState'> = {
  version: 0,
  intakePausedUntil: 0,
  qEffPpm: null,
  sentinel: null,
  guardian: null,
  guardianUntil: 0,
  guardianTerm: 0,
  providers: 0,
  activeStake: 0n,
  delegatedStake: 0n,
  slashed: 0n,
}

/** Changes what holds for the protocol as a whole. */
export function ofProtocol(
  change: (row: Values<'protocolState'>) => Partial<Values<'protocolState'>>,
): Change {
  return upsert('protocolState', { ...empty, ...change(empty) }, change)
}

/** Changes how much stake there is, in all and in the buckets of now. */
export function ofStake(
  time: number,
  stake: { active?: bigint; delegated?: bigint; slashed?: bigint },
  others: readonly Change[],
): Step {
  const { active = 0n, delegated = 0n, slashed = 0n } = stake
  return read('protocolState', {}, (row = undefined) => {
    const activeStake = (row?.activeStake ?? 0n) + active
    const delegatedStake = (row?.delegatedStake ?? 0n) + delegated
    return [
      ...others,
      ofProtocol((now) => ({
        activeStake,
        delegatedStake,
        slashed: now.slashed + slashed,
      })),
      countedStake(time, { activeStake, delegatedStake }),
    ]
  })
}
