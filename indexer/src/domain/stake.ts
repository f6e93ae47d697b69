import type { delegationPoolsAbi, stakeManagerAbi } from '@lynode/sdk'
import { countedSlash } from './buckets.js'
import { insert, read, type Step, update, upsert } from './change.js'
import type { Rules } from './event.js'
import { notice } from './notice.js'
import { ofProtocol, ofStake } from './protocol.js'

const roles = ['provider', 'verifier'] as const

/** StakeManager: providers and verifiers, and their own stake. */
export const stakeManagerRules: Rules<typeof stakeManagerAbi> = {
  Registered: ({ args: { providerId, role, owner, hotKey } }) => [
    insert('providerEntry', {
      ...{ providerId, owner, hotKey },
      role: roles[role] ?? `${role}`,
      endpoint: '',
      capabilities: 0n,
      active: 0n,
      thawing: 0n,
      thawedAt: 0,
      reserved: role === 0 ? 0n : null,
      jailedUntil: 0,
      poolNonce: 0,
      commissionBps: 0,
      nextCommissionBps: 0,
      commissionAt: 0,
      rewardsVoidUntil: 0,
      settled: 0,
      expired: 0,
      declined: 0,
      convicted: 0,
      voided: 0,
      slashed: 0n,
    }),
    ofProtocol((row) => ({ providers: row.providers + 1 })),
  ],
  HotKeyRotated: ({ args: { providerId, hotKey } }) => [
    update('providerEntry', { providerId }, () => ({ hotKey })),
  ],
  EndpointSet: ({ args: { providerId, endpoint } }) => [
    update('providerEntry', { providerId }, () => ({ endpoint })),
  ],
  CapabilitiesSet: ({ args: { providerId, capabilities } }) => [
    update('providerEntry', { providerId }, () => ({ capabilities })),
  ],
  Staked: ({ args: { providerId, amount }, time }) =>
    ofStake(time, { active: amount }, [
      update('providerEntry', { providerId }, (row) => ({
        active: row.active + amount,
      })),
    ]),
  ThawRequested: ({ args: { providerId, thawing, thawedAt }, time }) =>
    read('providerEntry', { providerId }, (row) => {
      const more = thawing - (row?.thawing ?? 0n)
      return ofStake(time, { active: -more }, [
        update('providerEntry', { providerId }, (provider) => ({
          active: provider.active - more,
          ...{ thawing, thawedAt },
        })),
      ])
    }),
  Unstaked: ({ args: { providerId, amount } }) => [
    update('providerEntry', { providerId }, (row) => ({
      thawing: row.thawing - amount,
    })),
  ],
  Slashed: ({ args, time, transaction }) =>
    read('providerEntry', { providerId: args.providerId }, (row) => {
      const { providerId, amount, selfPart, jailedUntil } = args
      // As StakeManager: out of what does not thaw first.
      const active = row?.active ?? 0n
      const ofActive = selfPart < active ? selfPart : active
      return ofStake(time, { active: -ofActive, slashed: amount }, [
        insert('slash', { ...args, transaction: transaction.hash }),
        update('providerEntry', { providerId }, (provider) => ({
          active: provider.active - ofActive,
          thawing: provider.thawing - (selfPart - ofActive),
          jailedUntil,
          slashed: provider.slashed + amount,
        })),
        countedSlash(time, amount),
      ])
    }),
  Unjailed: ({ args: { providerId } }) => [
    update('providerEntry', { providerId }, () => ({ jailedUntil: 0 })),
  ],
  VoterSet: (event) => [notice('stakeManager', 'VoterSet', event)],
  CoreAuthorised: (event) => [notice('stakeManager', 'CoreAuthorised', event)],
}

/** DelegationPools, at the same address: what others lend. */
export const delegationPoolsRules: Rules<typeof delegationPoolsAbi> = {
  PoolOpened: ({ args: { providerId, nonce, floorBps, commissionBps } }) => [
    insert('pool', {
      ...{ providerId, nonce, floorBps },
      assets: 0n,
      shares: 0n,
      thawingShares: 0n,
      distributed: 0n,
      claimed: 0n,
      slashed: 0n,
    }),
    update('providerEntry', { providerId }, () => ({
      ...{ poolNonce: nonce, commissionBps, nextCommissionBps: commissionBps },
    })),
  ],
  CommissionSet: ({ args: { providerId, commissionBps, at }, time }) => [
    update('providerEntry', { providerId }, (row) => ({
      commissionBps:
        time < row.commissionAt ? row.commissionBps : row.nextCommissionBps,
      nextCommissionBps: commissionBps,
      commissionAt: at,
    })),
  ],
  Delegated: ({ args: { providerId, nonce, member, amount, shares }, time }) =>
    ofStake(time, { delegated: amount }, [
      update('pool', { providerId, nonce }, (row) => ({
        assets: row.assets + amount,
        shares: row.shares + shares,
      })),
      upsert(
        'delegation',
        {
          ...{ providerId, nonce, member, shares },
          deposited: amount,
          claimed: 0n,
        },
        (row) => ({
          shares: row.shares + shares,
          deposited: row.deposited + amount,
        }),
      ),
    ]),
  Undelegated: ({ args }) => {
    const { providerId, nonce, member, thawId, shares, thawedAt } = args
    return [
      update('pool', { providerId, nonce }, (row) => ({
        thawingShares: row.thawingShares + shares,
      })),
      update('delegation', { providerId, nonce, member }, (row) => ({
        shares: row.shares - shares,
      })),
      insert('thaw', {
        ...{ thawId, providerId, nonce, member, shares, thawedAt },
        withdrawnAt: 0,
        amount: 0n,
      }),
    ]
  },
  DelegationWithdrawn: ({ args: { thawId, amount }, time }) =>
    read('thaw', { thawId }, (thaw): Step => {
      if (thaw === undefined) return []
      const { providerId, nonce, shares } = thaw
      return ofStake(time, { delegated: -amount }, [
        update('thaw', { thawId }, () => ({ withdrawnAt: time, amount })),
        update('pool', { providerId, nonce }, (row) => ({
          assets: row.assets - amount,
          shares: row.shares - shares,
          thawingShares: row.thawingShares - shares,
        })),
      ])
    }),
  PoolSlashed: ({ args: { providerId, nonce, amount, left }, time }) =>
    ofStake(time, { delegated: -amount }, [
      update('pool', { providerId, nonce }, (row) => ({
        assets: left,
        slashed: row.slashed + amount,
      })),
    ]),
  Distributed: ({ args, transaction }) => [
    insert('distribution', { ...args, transaction: transaction.hash }),
    update(
      'pool',
      { providerId: args.providerId, nonce: args.nonce },
      (row) => ({
        distributed: row.distributed + args.toMembers,
      }),
    ),
  ],
  Claimed: ({ args: { providerId, nonce, member, amount } }) => [
    update('pool', { providerId, nonce }, (row) => ({
      claimed: row.claimed + amount,
    })),
    update('delegation', { providerId, nonce, member }, (row) => ({
      claimed: row.claimed + amount,
    })),
  ],
}
