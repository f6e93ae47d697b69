import type { rewardsAbi, stakerFeesAbi } from '@lynode/sdk'
import { type Change, insert, update, upsert } from './change.js'
import type { Rules } from './event.js'

/** Rewards: the reserve, by epoch and provider. */
export const rewardsRules: Rules<typeof rewardsAbi> = {
  EpochOpened: ({ args: { epoch, budget } }) => [
    upsert('rewardEpoch', { epoch, budget, fees: 0n }, () => ({ budget })),
  ],
  WorkShown: ({ args: { epoch, providerId, fee } }) => [
    upsert('rewardEpoch', { epoch, budget: 0n, fees: fee }, (row) => ({
      fees: row.fees + fee,
    })),
    upsert(
      'reward',
      {
        ...{ epoch, providerId, fees: fee, jobs: 1 },
        ...{ amount: 0n, granted: false, paid: 0n },
      },
      (row) => ({ fees: row.fees + fee, jobs: row.jobs + 1 }),
    ),
  ],
  RewardGranted: ({ args: { epoch, providerId, amount } }) => [
    update('reward', { epoch, providerId }, () => ({ amount, granted: true })),
  ],
  RewardClaimed: ({ args: { epoch, providerId, amount } }) => [
    update('reward', { epoch, providerId }, (row) => ({
      paid: row.paid + amount,
    })),
  ],
  RewardsVoided: ({ args: { providerId, until } }) => [
    update('providerEntry', { providerId }, () => ({
      rewardsVoidUntil: until,
    })),
  ],
}

/** StakerFees: the stakers' part of the fees, by epoch. */
export const stakerFeesRules: Rules<typeof stakerFeesAbi> = {
  Funded: ({ args: { epoch, amount } }) => [ofEpoch(epoch, amount, 0n)],
  Claimed: ({ args: { epoch, providerId, amount } }) => [
    insert('stakerClaim', { epoch, providerId, amount }),
    ofEpoch(epoch, 0n, amount),
  ],
  Recycled: ({ args: { epoch, into, amount } }) => [
    ofEpoch(epoch, 0n, amount),
    ofEpoch(into, amount, 0n),
  ],
}

function ofEpoch(epoch: number, pot: bigint, paid: bigint): Change {
  return upsert('stakerEpoch', { epoch, pot, paid }, (row) => ({
    pot: row.pot + pot,
    paid: row.paid + paid,
  }))
}
