import type { Row, TableName } from './tables.js'

/** A list of the REST contract. */
export type Resource<table extends TableName = TableName> = {
  [name in table]: {
    table: name
    title: string
    /** Query parameters that filter, and the column of each. */
    filters?: Record<string, keyof Row<name> & string>
    /** What every row of the list has. */
    where?: Partial<Row<name>>
    /** Column that names a row within its chain: `GET /v1/{list}/{id}`. */
    id?: keyof Row<name> & string
    /** Newest first by this column; by creation unless it says otherwise. */
    by?: 'start'
  }
}[table]

/** Every list, by its path under /v1. */
export const resources = {
  orders: {
    table: 'order',
    title: 'Orders that a transaction has shown',
    id: 'jobId',
    filters: { requester: 'requester', model: 'modelId', locked: 'locked' },
  },
  jobs: {
    table: 'job',
    title: 'Jobs that a provider has taken',
    id: 'jobId',
    filters: {
      requester: 'requester',
      provider: 'providerId',
      status: 'status',
      model: 'modelId',
    },
  },
  attempts: {
    table: 'attempt',
    title: 'Locks of jobs, and how each ended',
    id: 'execId',
    filters: { job: 'jobId', provider: 'providerId', outcome: 'outcome' },
  },
  offers: {
    table: 'offer',
    title: 'Offers that were announced or filled on chain',
    id: 'offerId',
    filters: {
      provider: 'providerId',
      models: 'models',
      cancelled: 'cancelled',
    },
  },
  'offer-fills': {
    table: 'offerFill',
    title: 'Fills of offers',
    filters: { offer: 'offerId', job: 'jobId', provider: 'providerId' },
  },
  auctions: {
    table: 'auction',
    title: 'Sealed auctions',
    id: 'jobId',
    filters: { requester: 'requester', taken: 'taken' },
  },
  bids: {
    table: 'bid',
    title: 'Bids of sealed auctions',
    filters: { job: 'jobId', provider: 'providerId', status: 'status' },
  },
  disputes: {
    table: 'dispute',
    title: 'Executions that somebody disputed',
    id: 'execId',
    filters: { job: 'jobId', outcome: 'outcome' },
  },
  demands: {
    table: 'demand',
    title: 'Demands to open something',
    id: 'demandId',
    filters: {
      execution: 'execId',
      job: 'jobId',
      asker: 'asker',
      status: 'status',
    },
  },
  answers: {
    table: 'answer',
    title: 'Answers to demands',
    filters: { execution: 'execId', demand: 'demandId' },
  },
  'proof-commits': {
    table: 'proofCommit',
    title: 'Commits to proofs of fraud',
    id: 'commitId',
    filters: { execution: 'execId', prover: 'prover', status: 'status' },
  },
  'fraud-proofs': {
    table: 'fraudProof',
    title: 'Elements that were proved wrong',
    filters: { execution: 'execId', prover: 'prover' },
  },
  accumulations: {
    table: 'accumulation',
    title: 'Proofs of big elements',
    id: 'accumulationId',
    filters: { execution: 'execId', status: 'status' },
  },
  slashes: {
    table: 'slash',
    title: 'Slashes of stake',
    filters: { provider: 'providerId', core: 'core' },
  },
  'audit-epochs': {
    table: 'auditEpoch',
    title: 'Epochs of audits, with the seeds that sample executions',
    id: 'epoch',
  },
  audits: {
    table: 'audit',
    title: 'Audits of executions',
    id: 'execId',
    filters: { status: 'status' },
  },
  'audit-seats': {
    table: 'auditSeat',
    title: 'What verifiers found, or failed to',
    filters: { execution: 'execId', verifier: 'verifierId', status: 'status' },
  },
  canaries: {
    table: 'canary',
    title: 'Jobs that were wrong by agreement',
    id: 'execId',
    filters: { provider: 'providerId' },
  },
  'attestation-cases': {
    table: 'attestationCase',
    title: 'Cases against what auditors attested',
    id: 'caseId',
    filters: { execution: 'execId', verifier: 'verifierId', status: 'status' },
  },
  providers: {
    table: 'provider',
    title: 'Providers',
    id: 'providerId',
    where: { role: 'provider' },
    filters: { owner: 'owner', hotKey: 'hotKey' },
  },
  verifiers: {
    table: 'provider',
    title: 'Verifiers',
    id: 'providerId',
    where: { role: 'verifier' },
    filters: { owner: 'owner', hotKey: 'hotKey' },
  },
  pools: {
    table: 'pool',
    title: 'Delegation pools',
    filters: { provider: 'providerId' },
  },
  delegations: {
    table: 'delegation',
    title: 'Shares of members in pools',
    filters: { member: 'member', provider: 'providerId' },
  },
  thaws: {
    table: 'thaw',
    title: 'Shares on their way out of a pool',
    id: 'thawId',
    filters: { member: 'member', provider: 'providerId' },
  },
  rewards: {
    table: 'reward',
    title: 'Rewards by epoch and provider',
    filters: { provider: 'providerId', epoch: 'epoch' },
  },
  'reward-epochs': {
    table: 'rewardEpoch',
    title: 'Epochs of the reward reserve',
    id: 'epoch',
  },
  'staker-epochs': {
    table: 'stakerEpoch',
    title: "Epochs of the stakers' fees",
    id: 'epoch',
  },
  'staker-claims': {
    table: 'stakerClaim',
    title: "Claims of stakers' fees",
    filters: { provider: 'providerId', epoch: 'epoch' },
  },
  distributions: {
    table: 'distribution',
    title: 'What pools were paid',
    filters: { provider: 'providerId' },
  },
  'fee-splits': {
    table: 'feeSplit',
    title: 'How protocol fees were split',
    filters: { token: 'token' },
  },
  'burn-lots': {
    table: 'burnLot',
    title: 'Lots of fees that are sold for LYN',
    filters: { token: 'token' },
  },
  balances: {
    table: 'balance',
    title: 'Accounts of the Ledger',
    filters: { account: 'account', token: 'token' },
  },
  holders: {
    table: 'holder',
    title: 'Holders of LYN and their votes',
    id: 'account',
    filters: { delegate: 'delegate' },
  },
  tokens: { table: 'token', title: 'Pay tokens', id: 'token' },
  models: {
    table: 'model',
    title: 'Published models',
    id: 'modelId',
    filters: { publisher: 'publisher' },
  },
  'zk-verifiers': {
    table: 'zkVerifier',
    title: 'Verifiers of zk proofs',
    id: 'selector',
  },
  parameters: {
    table: 'parameter',
    title: 'Parameters and what is scheduled',
    id: 'name',
  },
  'parameter-changes': {
    table: 'parameterChange',
    title: 'The history of parameters',
    filters: { name: 'name', kind: 'kind' },
  },
  snapshots: {
    table: 'snapshot',
    title: 'Versions of the parameters as cores have them',
    filters: { version: 'version', core: 'core', token: 'token' },
  },
  proposals: {
    table: 'proposal',
    title: 'Proposals',
    id: 'proposalId',
    filters: { status: 'status', proposer: 'proposer' },
  },
  votes: {
    table: 'vote',
    title: 'Votes on proposals',
    filters: { proposal: 'proposalId', voter: 'voter' },
  },
  'stake-votes': {
    table: 'stakeVote',
    title: 'Votes of stake',
    filters: { proposal: 'proposalId', provider: 'providerId' },
  },
  stances: {
    table: 'stance',
    title: 'Stances of providers',
    filters: { proposal: 'proposalId', provider: 'providerId' },
  },
  operations: {
    table: 'operation',
    title: 'Operations of the timelock',
    id: 'timelockId',
  },
  notices: {
    table: 'notice',
    title: 'Events of settings that change seldom',
    filters: { contract: 'contract', event: 'event' },
  },
  buckets: {
    table: 'bucket',
    title: 'Jobs, slashes and stake by hour and day',
    by: 'start',
    filters: { period: 'period', start: 'start' },
  },
  volumes: {
    table: 'volumeBucket',
    title: 'Volume by pay token, hour and day',
    by: 'start',
    filters: { period: 'period', start: 'start', token: 'token' },
  },
  prices: {
    table: 'modelBucket',
    title: 'Steps and what they cost by model, hour and day',
    by: 'start',
    filters: {
      period: 'period',
      start: 'start',
      model: 'modelId',
      token: 'token',
    },
  },
} satisfies Record<string, Resource>
