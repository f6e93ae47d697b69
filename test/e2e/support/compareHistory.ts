import type { IndexerClient, IndexerLists } from '@lynode/sdk/indexer'
import { expect } from 'vitest'
import type { ChainEvent } from './chainEvents.js'

type List = keyof IndexerLists & string

/**
 * Lists of which every row is an event: the events, in their order, and the
 * columns that are arguments of the same name.
 */
const histories: Partial<
  Record<List, { events: readonly string[]; columns: readonly string[] }>
> = {
  'offer-fills': {
    events: ['offers.OfferFilled'],
    columns: ['offerId', 'jobId', 'providerId', 'filled'],
  },
  answers: {
    events: [
      ...['demands.TracePosted', 'demands.StatesPosted'],
      ...['demands.OutputOpened', 'demands.WitnessNamed'],
      'demands.ChunksOpened',
    ],
    columns: ['execId', 'demandId', 'step'],
  },
  'fraud-proofs': {
    events: ['disputes.FraudProved'],
    columns: [
      ...['execId', 'prover', 'step', 'node', 'output', 'element'],
      ...['claimed', 'low', 'high'],
    ],
  },
  slashes: {
    events: ['stakeManager.Slashed'],
    columns: [
      ...['providerId', 'core', 'amount', 'selfPart', 'paid', 'burnt'],
      'jailedUntil',
    ],
  },
  'staker-claims': {
    events: ['stakerFees.Claimed'],
    columns: ['epoch', 'providerId', 'amount'],
  },
  distributions: {
    events: ['stakeManager.Distributed'],
    columns: ['providerId', 'nonce', 'from', 'toOwner', 'toMembers'],
  },
  'fee-splits': {
    events: ['feeSink.Distributed'],
    columns: ['token', 'burnt', 'stakers', 'audits', 'treasury'],
  },
  'burn-lots': {
    events: ['burnAuction.LotStarted'],
    columns: ['token', 'amount', 'startPrice'],
  },
  'parameter-changes': {
    events: [
      ...['parameters.ParameterSet', 'parameters.ParameterScheduled'],
      ...['parameters.ParameterReduced', 'parameters.ParameterAbdicated'],
    ],
    columns: ['value'],
  },
  votes: {
    events: ['governor.VoteCast', 'governor.VoteCastWithParams'],
    columns: ['proposalId', 'voter', 'support', 'weight', 'reason'],
  },
  'stake-votes': {
    events: ['stakeVoter.StakeVoted', 'stakeVoter.PoolFlushed'],
    columns: ['proposalId', 'providerId', 'nonce', 'support', 'weight'],
  },
}

/** Lists with a row for each thing, and what names the thing in its events. */
const things: Partial<Record<List, Record<string, readonly string[]>>> = {
  jobs: { 'jobMarket.JobLocked': ['jobId'] },
  attempts: { 'jobMarket.JobLocked': ['jobId', 'attempt', 'providerId'] },
  offers: {
    'offers.OfferAnnounced': ['offerId'],
    'offers.OfferFilled': ['offerId'],
    'offers.OfferCancelled': ['offerId'],
  },
  auctions: { 'sealedAuctions.AuctionOpened': ['jobId'] },
  bids: { 'sealedAuctions.BidCommitted': ['jobId', 'providerId'] },
  disputes: {
    'demands.Demanded': ['execId'],
    'disputes.ProofCommitted': ['execId'],
    'accumulations.AccumulationOpened': ['execId'],
    'disputes.Voided': ['execId'],
  },
  demands: { 'demands.Demanded': ['demandId'] },
  'proof-commits': { 'disputes.ProofCommitted': ['commitId'] },
  accumulations: {
    'accumulations.AccumulationOpened': ['accumulationId'],
  },
  'audit-epochs': {
    'auditManager.EpochClosed': ['epoch'],
    'jobMarket.SeedPushed': ['epoch'],
  },
  audits: {
    'auditManager.Revealed': ['execId'],
    'auditManager.WithheldAttested': ['execId'],
    'auditManager.AuditVoided': ['execId'],
    'auditManager.MismatchDemanded': ['execId'],
    'auditManager.AuditClosed': ['execId'],
  },
  'audit-seats': {
    'auditManager.Committed': ['execId', 'verifierId'],
    'auditManager.Revealed': ['execId', 'verifierId'],
    'auditManager.AbsentReported': ['execId', 'verifierId'],
    'auditManager.WithheldAttested': ['execId', 'verifierId'],
  },
  canaries: { 'canaries.CanaryOpened': ['execId', 'jobId', 'providerId'] },
  'attestation-cases': { 'attestations.CaseOpened': ['caseId'] },
  pools: { 'stakeManager.PoolOpened': ['providerId', 'nonce'] },
  delegations: {
    'stakeManager.Delegated': ['providerId', 'nonce', 'member'],
  },
  thaws: { 'stakeManager.Undelegated': ['thawId'] },
  models: { 'modelRegistry.ModelRegistered': ['modelId'] },
  'zk-verifiers': { 'zkVerifierRouter.VerifierAdded': ['selector'] },
  proposals: { 'governor.ProposalCreated': ['proposalId'] },
  stances: { 'stakeVoter.StanceTaken': ['proposalId', 'providerId'] },
  rewards: { 'rewards.WorkShown': ['epoch', 'providerId'] },
  'reward-epochs': {
    'rewards.EpochOpened': ['epoch'],
    'rewards.WorkShown': ['epoch'],
  },
  'staker-epochs': {
    'stakerFees.Funded': ['epoch'],
    'stakerFees.Recycled': ['into'],
  },
}

/** Events that are kept as they are. */
const noticed = new Set([
  ...['lynToken.Approval', 'lynToken.EIP712DomainChanged'],
  ...['ledger.CoreAuthorised', 'stakeManager.CoreAuthorised'],
  ...['stakeManager.VoterSet', 'jobMarket.EntranceAuthorised'],
  ...['checkerRegistry.CheckersAdded', 'parameters.IntakePaused'],
  ...['timelock.CallSalt', 'timelock.MinDelayChange'],
  ...['timelock.RoleAdminChanged', 'timelock.RoleGranted'],
  ...['timelock.RoleRevoked', 'governor.GuardianSet'],
  ...['governor.EIP712DomainChanged', 'governor.LateQuorumVoteExtensionSet'],
  ...['governor.ProposalThresholdSet', 'governor.QuorumNumeratorUpdated'],
  ...['governor.TimelockChange', 'governor.VotingDelaySet'],
  ...['governor.VotingPeriodSet', 'grantFactory.GrantCreated'],
  ...['vestingGrant.ERC20Released', 'vestingGrant.EtherReleased'],
  ...['vestingGrant.OwnershipTransferred'],
  ...['treasuryVault.Paid', 'auditManager.OracleUnavailable'],
  ...['auditManager.SeedIgnored', 'auditManager.OraclePaid'],
  ...['auditManager.SubscriptionSet', 'canaries.CuratorSet'],
  ...['canaries.CanaryCommitted', 'canaries.EscrowWithdrawn'],
])

/** Events that a bucket counts, and its column of each. */
const counted: Record<string, string> = {
  'jobMarket.JobLocked': 'locked',
  'jobMarket.JobDelivered': 'delivered',
  'jobMarket.JobSettled': 'settled',
  'jobMarket.JobConvicted': 'convicted',
  'jobMarket.LockExpired': 'expired',
  'jobMarket.JobRefunded': 'refunded',
  'stakeManager.Slashed': 'slashes',
}
const periods = { hour: 3_600, day: 86_400 } as const

/**
 * Compares the tables with the events that the node itself tells: no row is
 * missing, none is there that nothing made, histories are complete and in
 * order, and buckets have counted right.
 */
export async function compareHistory(
  indexer: IndexerClient,
  events: readonly ChainEvent[],
): Promise<void> {
  const rowsOf = async (list: List) => {
    const rows: Record<string, unknown>[] = []
    for await (const row of indexer.all(list)) rows.push({ ...row })
    return rows
  }
  for (const [list, { events: names, columns }] of entries(histories)) {
    const rows = await rowsOf(list)
    const happened = events.filter(({ name }) => names.includes(name))
    expect(rows.map((row) => told(row, columns)).reverse(), list).toEqual(
      happened.map(({ args }) => told(args, columns)),
    )
  }
  for (const [list, naming] of entries(things)) {
    const columns = Object.values(naming)[0] ?? []
    const expected = events.flatMap(({ name, args }) => {
      const named = naming[name]
      return named === undefined ? [] : [told(args, named).join()]
    })
    const rows = await rowsOf(list)
    expect(rows.map((row) => told(row, columns).join()).sort(), list).toEqual(
      [...new Set(expected)].sort(),
    )
  }
  const notices = await rowsOf('notices')
  expect(
    notices
      .map(({ contract, event, transaction }) =>
        told({ name: `${contract}.${event}`, transaction }, noticeColumns),
      )
      .reverse(),
    'notices',
  ).toEqual(
    events
      .filter(({ name }) => noticed.has(name))
      .map((event) => told(event, noticeColumns)),
  )
  expect(sorted(await rowsOf('buckets'), bucketColumns), 'buckets').toEqual(
    sorted(bucketsOf(events), bucketColumns),
  )
}

const noticeColumns = ['name', 'transaction']
const bucketColumns = ['period', 'start', ...Object.values(counted)]

/** What buckets must have counted; those of stake alone have no counts. */
function bucketsOf(events: readonly ChainEvent[]): Record<string, unknown>[] {
  const buckets = new Map<string, Record<string, string | number>>()
  for (const { name, time } of events) {
    const column = counted[name]
    const ofStake = [
      ...['Staked', 'ThawRequested', 'Slashed', 'Delegated'],
      ...['DelegationWithdrawn', 'PoolSlashed'],
    ].some((one) => name === `stakeManager.${one}`)
    if (column === undefined && !ofStake) continue
    for (const [period, seconds] of Object.entries(periods)) {
      const start = time - (time % seconds)
      const key = `${period} ${start}`
      const bucket = buckets.get(key) ?? {
        ...{ period, start },
        ...Object.fromEntries(Object.values(counted).map((one) => [one, 0])),
      }
      buckets.set(key, bucket)
      if (column !== undefined) bucket[column] = Number(bucket[column]) + 1
    }
  }
  return [...buckets.values()]
}

function sorted(
  rows: readonly Record<string, unknown>[],
  columns: readonly string[],
): string[] {
  return rows.map((row) => told(row, columns).join(' ')).sort()
}

/** Values as text, whatever they were decoded to. */
function told(row: object, columns: readonly string[]): string[] {
  return columns.map((column) =>
    String((row as Record<string, unknown>)[column]).toLowerCase(),
  )
}

function entries<value>(lists: Partial<Record<List, value>>): [List, value][] {
  return Object.entries(lists) as [List, value][]
}
