import { executionId } from '@lynode/sdk'
import {
  encodePacked,
  type Hex,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { expect, test } from 'vitest'
import { hourOf } from '../src/domain/buckets.js'
import { demandsRules, disputesRules } from '../src/domain/disputes.js'
import {
  lynodeGovernorRules,
  parametersRules,
} from '../src/domain/governance.js'
import { jobMarketRules } from '../src/domain/jobMarket.js'
import { ledgerRules } from '../src/domain/ledger.js'
import { offersRules, sealedAuctionsRules } from '../src/domain/market.js'
import { delegationPoolsRules, stakeManagerRules } from '../src/domain/stake.js'
import { MemoryStore } from './memoryStore.js'

const jobId = hash(1)
const requester = address(2)
const token = address(3)
const order = {
  requester,
  modelId: hash(4),
  class: 2,
  steps: 5,
  inputRoot: hash(5),
  payToken: token,
  minPrice: 10n,
  maxPrice: 100n,
  rampStart: 0,
  rampDuration: 0,
  lockDuration: 100,
  deliverDuration: 10,
  expiry: 10_000,
  maxAttempts: 2,
  collateral: 1_000n,
  valueAtRisk: 0n,
  verificationFee: 1n,
  tip: 0n,
  callback: zeroAddress,
  callbackGas: 0,
  callbackFee: 0n,
  maxTotal: 1_000n,
  allowedRoot: zeroHash,
  capabilities: zeroHash,
  paramsVersion: 1,
  currency: 0,
  nonce: 259n,
}

test('default: a job that expires, is taken again and is paid', async () => {
  const store = await stocked()
  await store.see(jobMarketRules.OrderPosted, {
    ...{ jobId, requester, order, signature: '0x' as const },
  })
  expect(store.rows('orderEntry')).toMatchObject([{ locked: false }])
  await lock(store, 0, 7)
  expect(store.rows('orderEntry')).toMatchObject([{ locked: true }])
  // Its nonce and its collateral are those of its order and job.
  expect(store.rows('cancelledNonces')).toEqual([])
  expect(store.rows('providerEntry')).toMatchObject([{ reserved: 0n }])
  await store.see(jobMarketRules.LockExpired, {
    ...{ jobId, providerId: 7, caller: requester, slashed: 50n, paid: 5n },
  })
  await store.see(jobMarketRules.JobReopened, {
    jobId,
    attempt: 1,
    lockBy: 2_000,
  })
  expect(store.rows('job')).toMatchObject([
    { status: 'reopened', providerId: 0, attempt: 1, slashed: 50n },
  ])
  await lock(store, 1, 7)
  await store.see(jobMarketRules.JobDelivered, {
    ...{ jobId, providerId: 7, resultRoot: hash(9), finalAt: 5_000 },
  })
  await store.see(
    jobMarketRules.JobSettled,
    { jobId, providerId: 7, paid: 90n, fee: 8n, royalty: 2n },
    { time: 90_000 },
  )
  expect(store.rows('job')).toMatchObject([
    {
      ...{ status: 'settled', providerId: 7, attempt: 1, resultRoot: hash(9) },
      ...{ modelId: order.modelId, paid: 90n, closedAt: 90_000 },
    },
  ])
  // The second is as its job has it.
  expect(store.rows('execution')).toMatchObject([
    { attempt: 0, outcome: 'expired', slashed: 50n, deliveredAt: null },
    { attempt: 1, outcome: null },
  ])
  expect(store.rows('providerEntry')).toMatchObject([
    { reserved: 0n, expired: 1, settled: 1 },
  ])
  expect(store.rows('marketHour')).toMatchObject([
    { start: 0, token, jobs: 1, locked: 2, expired: 1, delivered: 1 },
    { start: 90_000, settled: 1, volume: 100n, fees: 8n, royalties: 2n },
  ])
  expect(store.rows('modelHour')).toMatchObject([
    { start: 90_000, token, jobs: 1, steps: 5, volume: 100n },
  ])
  expect(store.rows('modelUse')).toMatchObject([{ jobs: 1, steps: 5 }])
})

test('behavior: an order that no transaction has shown leaves a job without a model', async () => {
  const store = await stocked()
  await lock(store, 0, 7)
  expect(store.rows('job')).toMatchObject([{ modelId: null, payToken: null }])
  await store.see(jobMarketRules.JobSettled, {
    ...{ jobId, providerId: 7, paid: 90n, fee: 8n, royalty: 2n },
  })
  // The day's count has it, no token's and no model's.
  expect(store.rows('marketHour')).toMatchObject([
    { token: '0x', settled: 1, volume: 0n },
  ])
  expect(store.rows('modelHour')).toEqual([])
  // Nothing is known of this one at all.
  await store.see(jobMarketRules.JobSettled, {
    ...{ jobId: hash(77), providerId: 7, paid: 1n, fee: 0n, royalty: 0n },
  })
  expect(store.rows('job')).toHaveLength(1)
})

test('default: accounts of the Ledger', async () => {
  const store = new MemoryStore()
  const account = requester
  await store.see(ledgerRules.Deposited, {
    ...{ token, from: account, to: account, amount: 100n },
  })
  await store.see(ledgerRules.Committed, { token, account, amount: 60n })
  await store.see(ledgerRules.Debited, {
    ...{ core: address(9), token, account, amount: 20n, committed: true },
  })
  await store.see(ledgerRules.CreditedMany, {
    ...{ core: address(9), token },
    payments: [
      { account, amount: 3n },
      { account: address(8), amount: 4n },
      { account, amount: 5n },
    ],
  })
  await store.see(ledgerRules.LeaveRequested, {
    ...{ token, account, amount: 30n, readyAt: 5 },
  })
  await store.see(ledgerRules.Left, { token, account, amount: 30n })
  await store.see(ledgerRules.Withdrawn, {
    token,
    account,
    to: account,
    amount: 7n,
  })
  expect(store.rows('balance')).toMatchObject([
    { account, free: 71n, committed: 10n, leaving: 0n },
    { account: address(8), free: 4n, committed: 0n },
  ])
})

test('default: a slash takes stake that does not thaw first, then the pool', async () => {
  const store = await stocked()
  await store.see(stakeManagerRules.ThawRequested, {
    ...{ providerId: 7, thawing: 400n, thawedAt: 9 },
  })
  await store.see(delegationPoolsRules.PoolOpened, {
    ...{ providerId: 7, nonce: 1, floorBps: 0, commissionBps: 100 },
  })
  await store.see(delegationPoolsRules.Delegated, {
    ...{ providerId: 7, nonce: 1, member: requester },
    ...{ amount: 500n, shares: 500_000n },
  })
  await store.see(delegationPoolsRules.PoolSlashed, {
    ...{ providerId: 7, nonce: 1, amount: 100n, left: 400n },
  })
  await store.see(stakeManagerRules.Slashed, {
    ...{ providerId: 7, core: address(9), amount: 800n, selfPart: 700n },
    ...{ paid: 10n, burnt: 790n, jailedUntil: 99 },
  })
  expect(store.rows('providerEntry')).toMatchObject([
    { active: 0n, thawing: 300n, jailedUntil: 99, slashed: 800n },
  ])
  expect(store.rows('pool')).toMatchObject([{ assets: 400n, slashed: 100n }])
  expect(store.rows('protocolState')).toMatchObject([
    { activeStake: 0n, delegatedStake: 400n, slashed: 800n },
  ])
  await store.see(delegationPoolsRules.Undelegated, {
    ...{ providerId: 7, nonce: 1, member: requester },
    ...{ thawId: 3n, shares: 200_000n, thawedAt: 50 },
  })
  await store.see(delegationPoolsRules.DelegationWithdrawn, {
    ...{ thawId: 3n, member: requester, to: requester, amount: 160n },
  })
  expect(store.rows('pool')).toMatchObject([
    { assets: 240n, shares: 300_000n, thawingShares: 0n },
  ])
  expect(store.rows('delegation')).toMatchObject([{ shares: 300_000n }])
  expect(store.rows('thaw')).toMatchObject([{ amount: 160n }])
})

test('default: the lowest bid leads and is paid the second lowest', async () => {
  const store = await stocked()
  await store.see(sealedAuctionsRules.AuctionOpened, {
    ...{ jobId, requester, commitEnd: 5, revealEnd: 9, bond: 2n, order },
  })
  for (const [providerId, price, leads] of [
    [7, 50n, true],
    [8, 60n, false],
    [9, 40n, true],
  ] as const) {
    const commitment = hash(providerId)
    await store.see(sealedAuctionsRules.BidCommitted, {
      ...{ jobId, providerId, commitment },
    })
    await store.see(sealedAuctionsRules.BidRevealed, {
      ...{ jobId, providerId, price, leads },
    })
  }
  expect(store.rows('auction')).toMatchObject([
    { bids: 3, bestId: 9, best: 40n, second: 50n },
  ])
  expect(store.rows('bid').map(({ leads }) => leads)).toEqual([
    false,
    false,
    true,
  ])
  expect(store.rows('providerEntry')).toMatchObject([{ reserved: 1_000n }])
  await store.see(sealedAuctionsRules.BidClosed, {
    ...{ jobId, providerId: 7, returned: 2n, burnt: 0n },
  })
  expect(store.rows('providerEntry')).toMatchObject([{ reserved: 0n }])
})

test('default: a tensor is opened in parts', async () => {
  const store = await stocked()
  await lock(store, 0, 7)
  const execId = executionId({ jobId, attempt: 0, providerId: 7 })
  const demandId = hash(20)
  await store.see(demandsRules.Demanded, {
    ...{ execId, demandId, asker: requester, jobId, bond: 5n, deadline: 50 },
    request: { kind: 3, step: 0, value: 2, chunk: 0, count: 3 },
  })
  const open = (chunk: number, bytes: number) =>
    store.see(demandsRules.ChunksOpened, {
      ...{ execId, demandId, step: 0, value: 2, chunk, dataRoot: hash(6) },
      data: `0x${'00'.repeat(bytes)}`,
    })
  await open(0, 2_048)
  expect(store.rows('demand')).toMatchObject([{ status: 'open', chunk: 2 }])
  await open(2, 10)
  expect(store.rows('demand')).toMatchObject([{ status: 'answered', chunk: 3 }])
  expect(store.rows('dispute')).toMatchObject([{ openDemands: 0, jobId }])
  await store.see(disputesRules.Convicted, {
    ...{ execId, jobId, prover: requester, slashed: 9n, paid: 3n },
  })
  expect(store.rows('dispute')).toMatchObject([{ outcome: 'convicted' }])
})

test('default: whole and split votes', async () => {
  const store = new MemoryStore()
  await store.see(lynodeGovernorRules.ProposalCreated, {
    ...{ proposalId: 5n, proposer: requester, description: 'why' },
    ...{ targets: [token], values: [0n], signatures: [''], calldatas: ['0x'] },
    ...{ voteStart: 10n, voteEnd: 20n },
  })
  const vote = { voter: requester, proposalId: 5n, reason: '' }
  await store.see(lynodeGovernorRules.VoteCast, {
    ...{ ...vote, support: 1, weight: 70n },
  })
  await store.see(lynodeGovernorRules.VoteCastWithParams, {
    ...{ ...vote, support: 255, weight: 6n },
    params: encodePacked(['uint128', 'uint128', 'uint128'], [1n, 2n, 3n]),
  })
  expect(store.rows('proposal')).toMatchObject([
    { against: 1n, for: 72n, abstain: 3n, voters: 2 },
  ])
})

test('default: a parameter that is scheduled, set and abdicated', async () => {
  const store = new MemoryStore()
  const name = stringToHex('window', { size: 32 })
  await store.see(parametersRules.ParameterSet, { name, value: 6n })
  await store.see(parametersRules.ParameterScheduled, {
    ...{ name, value: 6n, next: 8n, activeAt: 77 },
  })
  expect(store.rows('parameter')).toMatchObject([
    { name: 'window', value: 6n, next: 8n, activeAt: 77 },
  ])
  await store.see(parametersRules.ParameterSet, { name, value: 8n })
  await store.see(parametersRules.ParameterAbdicated, { name, value: 8n })
  expect(store.rows('parameter')).toMatchObject([
    { value: 8n, activeAt: 0, abdicated: true },
  ])
  expect(store.rows('parameterChange')).toHaveLength(4)
})

test('default: an offer that was filled before it was announced', async () => {
  const store = new MemoryStore()
  const offerId = hash(30)
  await store.see(offersRules.OfferFilled, {
    ...{ offerId, jobId, providerId: 7, filled: 5n },
  })
  expect(store.rows('offer')).toMatchObject([{ filled: 5n, models: null }])
  await store.see(offersRules.OfferCancelled, { offerId, providerId: 7 })
  expect(store.rows('offer')).toMatchObject([{ cancelled: true, fills: 1 }])
})

test('default: hours begin in UTC', () => {
  expect(hourOf(7_199)).toBe(3_600)
  expect(hourOf(7_200)).toBe(7_200)
})

async function stocked(): Promise<MemoryStore> {
  const store = new MemoryStore()
  await store.see(stakeManagerRules.Registered, {
    ...{ providerId: 7, role: 0, owner: address(6), hotKey: address(5) },
  })
  await store.see(stakeManagerRules.Staked, {
    ...{ providerId: 7, from: address(6), amount: 1_000n },
  })
  return store
}

async function lock(store: MemoryStore, attempt: number, providerId: number) {
  await store.see(jobMarketRules.JobLocked, {
    ...{ jobId, providerId, requester, price: 100n, attempt },
    ...{ deliverBy: 3_000, collateral: 1_000n },
  })
}

function hash(digit: number): Hex {
  return `0x${digit.toString(16).padStart(64, '0')}`
}

function address(digit: number): Hex {
  return `0x${digit.toString(16).padStart(40, '0')}`
}
