// Generated from the OpenAPI document of the indexer: `npx vitest run --project indexer -u`.
import type { Hex } from 'viem'

export type IndexerOrder = {
  chainId: number
  createdAt: number
  block: number
  jobId: Hex
  requester: Hex
  modelId: Hex
  class: number
  steps: number
  payToken: Hex
  minPrice: bigint
  maxPrice: bigint
  collateral: bigint
  expiry: number
  nonce: bigint
  terms: unknown
  signature: Hex
  locked: boolean
  provisional: boolean
}

export type IndexerJob = {
  chainId: number
  createdAt: number
  block: number
  jobId: Hex
  requester: Hex
  status: string
  providerId: number
  attempt: number
  price: bigint
  time: number
  resultRoot: Hex
  collateral: bigint
  execId: Hex
  modelId: Hex | null
  class: number | null
  steps: number | null
  payToken: Hex | null
  deliverBy: number
  lockBy: number
  deliveredAt: number
  finalAt: number
  closedAt: number
  paid: bigint
  fee: bigint
  royalty: bigint
  refunded: bigint
  slashed: bigint
  outputs: unknown
  callbackOk: boolean | null
  callbackFeeReclaimed: bigint
  provisional: boolean
}

export type IndexerAttempt = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  jobId: Hex
  providerId: number
  attempt: number
  price: bigint
  lockedAt: number
  deliverBy: number
  deliveredAt: number
  finalAt: number
  endedAt: number
  resultRoot: Hex
  outcome: string
  slashed: bigint
  waived: boolean
  transaction: Hex
  provisional: boolean
}

export type IndexerOffer = {
  chainId: number
  createdAt: number
  block: number
  offerId: Hex
  providerId: number
  models: Hex | null
  class: number | null
  payToken: Hex | null
  pricePerStep: bigint | null
  capacity: bigint | null
  expiry: number | null
  terms: unknown
  signature: Hex | null
  filled: bigint
  fills: number
  cancelled: boolean
  provisional: boolean
}

export type IndexerOfferFill = {
  chainId: number
  createdAt: number
  block: number
  offerId: Hex
  jobId: Hex
  providerId: number
  filled: bigint
  transaction: Hex
  provisional: boolean
}

export type IndexerAuction = {
  chainId: number
  createdAt: number
  block: number
  jobId: Hex
  requester: Hex
  commitEnd: number
  revealEnd: number
  bond: bigint
  collateral: bigint
  bids: number
  bestId: number
  best: bigint
  second: bigint
  taken: boolean
  winnerId: number
  price: bigint
  returned: boolean
  bondReturned: bigint
  bondBurnt: bigint
  provisional: boolean
}

export type IndexerBid = {
  chainId: number
  createdAt: number
  block: number
  jobId: Hex
  providerId: number
  commitment: Hex
  status: string
  price: bigint | null
  leads: boolean
  returned: bigint
  burnt: bigint
  provisional: boolean
}

export type IndexerDispute = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  jobId: Hex | null
  outcome: string
  finalAt: number
  demands: number
  openDemands: number
  commits: number
  prover: Hex | null
  convictedAt: number
  slashed: bigint
  paid: bigint
  reserveBurnt: bigint
  endedAt: number
  provisional: boolean
}

export type IndexerDemand = {
  chainId: number
  createdAt: number
  block: number
  demandId: Hex
  execId: Hex
  jobId: Hex
  asker: Hex
  kind: string
  status: string
  step: number
  value: number
  chunk: number
  count: number
  bond: bigint
  deadline: number
  answeredAt: number
  toAsker: bigint
  toProvider: bigint
  burnt: bigint
  provisional: boolean
}

export type IndexerAnswer = {
  chainId: number
  createdAt: number
  block: number
  demandId: Hex
  execId: Hex
  kind: string
  step: number
  root: Hex | null
  detail: unknown
  transaction: Hex
  provisional: boolean
}

export type IndexerProofCommit = {
  chainId: number
  createdAt: number
  block: number
  commitId: Hex
  execId: Hex
  prover: Hex
  revealBy: number
  status: string
  gas: bigint
  provisional: boolean
}

export type IndexerFraudProof = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  prover: Hex
  step: number
  node: number
  output: number
  element: number
  claimed: bigint
  low: bigint
  high: bigint
  transaction: Hex
  provisional: boolean
}

export type IndexerAccumulation = {
  chainId: number
  createdAt: number
  block: number
  accumulationId: Hex
  execId: Hex
  opener: Hex
  step: number
  node: number
  output: number
  element: number
  absorbed: number
  terms: number
  liveUntil: number
  status: string
  fraud: boolean | null
  claimed: bigint | null
  low: bigint | null
  high: bigint | null
  bondTo: Hex | null
  gasPaid: bigint
  provisional: boolean
}

export type IndexerSlash = {
  chainId: number
  createdAt: number
  block: number
  providerId: number
  core: Hex
  amount: bigint
  selfPart: bigint
  paid: bigint
  burnt: bigint
  jailedUntil: number
  transaction: Hex
  provisional: boolean
}

export type IndexerAuditEpoch = {
  chainId: number
  createdAt: number
  block: number
  epoch: number
  seed: bigint
  ratePpm: number
  qEffPpm: number
  version: number
  requestId: bigint
  fallbackBlock: number
  closedAt: number
  seedAt: number
  byFallback: boolean
  provisional: boolean
}

export type IndexerAudit = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  status: string
  step: number
  agreeing: number
  differing: number
  withheld: number
  paid: bigint
  demandId: Hex | null
  endedAt: number
  provisional: boolean
}

export type IndexerAuditSeat = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  verifierId: number
  status: string
  finding: string
  step: number
  seats: number
  traceRoot: Hex | null
  paid: bigint
  slashed: bigint
  reporter: Hex | null
  provisional: boolean
}

export type IndexerCanary = {
  chainId: number
  createdAt: number
  block: number
  execId: Hex
  jobId: Hex
  providerId: number
  resultRoot: Hex
  proved: number
  paid: bigint
  provisional: boolean
}

export type IndexerAttestationCase = {
  chainId: number
  createdAt: number
  block: number
  caseId: Hex
  execId: Hex
  verifierId: number
  step: number
  traceRoot: Hex
  status: string
  slashed: bigint
  provisional: boolean
}

export type IndexerProvider = {
  chainId: number
  createdAt: number
  block: number
  providerId: number
  role: string
  owner: Hex
  hotKey: Hex
  endpoint: string
  capabilities: bigint
  active: bigint
  thawing: bigint
  thawedAt: number
  reserved: bigint | null
  jailedUntil: number
  poolNonce: number
  commissionBps: number
  nextCommissionBps: number
  commissionAt: number
  rewardsVoidUntil: number
  locked: number
  settled: number
  expired: number
  declined: number
  convicted: number
  voided: number
  slashed: bigint
  provisional: boolean
}

export type IndexerPool = {
  chainId: number
  createdAt: number
  block: number
  providerId: number
  nonce: number
  floorBps: number
  assets: bigint
  shares: bigint
  thawingShares: bigint
  distributed: bigint
  claimed: bigint
  slashed: bigint
  provisional: boolean
}

export type IndexerDelegation = {
  chainId: number
  createdAt: number
  block: number
  providerId: number
  nonce: number
  member: Hex
  shares: bigint
  deposited: bigint
  claimed: bigint
  provisional: boolean
}

export type IndexerThaw = {
  chainId: number
  createdAt: number
  block: number
  thawId: bigint
  providerId: number
  nonce: number
  member: Hex
  shares: bigint
  thawedAt: number
  withdrawnAt: number
  amount: bigint
  provisional: boolean
}

export type IndexerReward = {
  chainId: number
  createdAt: number
  block: number
  epoch: number
  providerId: number
  fees: bigint
  jobs: number
  amount: bigint
  granted: boolean
  paid: bigint
  provisional: boolean
}

export type IndexerRewardEpoch = {
  chainId: number
  createdAt: number
  block: number
  epoch: number
  budget: bigint
  fees: bigint
  provisional: boolean
}

export type IndexerStakerEpoch = {
  chainId: number
  createdAt: number
  block: number
  epoch: number
  pot: bigint
  paid: bigint
  provisional: boolean
}

export type IndexerStakerClaim = {
  chainId: number
  createdAt: number
  block: number
  epoch: number
  providerId: number
  amount: bigint
  provisional: boolean
}

export type IndexerDistribution = {
  chainId: number
  createdAt: number
  block: number
  providerId: number
  nonce: number
  from: Hex
  toOwner: bigint
  toMembers: bigint
  transaction: Hex
  provisional: boolean
}

export type IndexerFeeSplit = {
  chainId: number
  createdAt: number
  block: number
  token: Hex
  burnt: bigint
  stakers: bigint
  audits: bigint
  treasury: bigint
  transaction: Hex
  provisional: boolean
}

export type IndexerBurnLot = {
  chainId: number
  createdAt: number
  block: number
  token: Hex
  amount: bigint
  startPrice: bigint
  buyer: Hex | null
  paid: bigint
  burnt: bigint
  provisional: boolean
}

export type IndexerBalance = {
  chainId: number
  createdAt: number
  block: number
  token: Hex
  account: Hex
  free: bigint
  committed: bigint
  leaving: bigint
  leavingAt: number
  provisional: boolean
}

export type IndexerHolder = {
  chainId: number
  createdAt: number
  block: number
  account: Hex
  lyn: bigint
  votes: bigint
  delegate: Hex | null
  provisional: boolean
}

export type IndexerToken = {
  chainId: number
  createdAt: number
  block: number
  token: Hex
  allowed: boolean
  listed: boolean
  minVerificationFee: bigint
  lynRate: bigint
  usdRate: bigint
  feeds: unknown
  reference: bigint
  lot: number
  provisional: boolean
}

export type IndexerModel = {
  chainId: number
  createdAt: number
  block: number
  modelId: Hex
  publisher: Hex
  royaltyBps: number
  classes: number
  checkerVersion: number
  header: unknown
  zk: unknown
  jobs: number
  steps: number
  provisional: boolean
}

export type IndexerZkVerifier = {
  chainId: number
  createdAt: number
  block: number
  selector: Hex
  verifier: Hex
  codeHash: Hex
  retired: boolean
  provisional: boolean
}

export type IndexerParameter = {
  chainId: number
  createdAt: number
  block: number
  name: string
  value: bigint
  next: bigint
  activeAt: number
  abdicated: boolean
  provisional: boolean
}

export type IndexerParameterChange = {
  chainId: number
  createdAt: number
  block: number
  name: string
  kind: string
  value: bigint
  next: bigint | null
  activeAt: number
  transaction: Hex
  provisional: boolean
}

export type IndexerSnapshot = {
  chainId: number
  createdAt: number
  block: number
  version: number
  core: string
  class: number
  token: Hex
  enabled: boolean
  values: unknown
  provisional: boolean
}

export type IndexerProposal = {
  chainId: number
  createdAt: number
  block: number
  proposalId: bigint
  proposer: Hex
  description: string
  actions: unknown
  snapshot: number
  deadline: number
  eta: number
  against: bigint
  for: bigint
  abstain: bigint
  voters: number
  status: string
  provisional: boolean
}

export type IndexerVote = {
  chainId: number
  createdAt: number
  block: number
  proposalId: bigint
  voter: Hex
  support: number
  weight: bigint
  against: bigint
  for: bigint
  abstain: bigint
  reason: string
  transaction: Hex
  provisional: boolean
}

export type IndexerStakeVote = {
  chainId: number
  createdAt: number
  block: number
  proposalId: bigint
  providerId: number
  nonce: number
  member: Hex | null
  support: number
  weight: bigint
  transaction: Hex
  provisional: boolean
}

export type IndexerStance = {
  chainId: number
  createdAt: number
  block: number
  proposalId: bigint
  providerId: number
  support: number
  provisional: boolean
}

export type IndexerOperation = {
  chainId: number
  createdAt: number
  block: number
  timelockId: Hex
  calls: unknown
  readyAt: number
  executed: number
  cancelled: boolean
  provisional: boolean
}

export type IndexerNotice = {
  chainId: number
  createdAt: number
  block: number
  contract: string
  address: Hex
  event: string
  args: unknown
  transaction: Hex
  provisional: boolean
}

export type IndexerBucket = {
  chainId: number
  createdAt: number
  block: number
  period: string
  start: number
  locked: number
  delivered: number
  settled: number
  convicted: number
  expired: number
  refunded: number
  slashes: number
  slashed: bigint
  activeStake: bigint | null
  delegatedStake: bigint | null
  provisional: boolean
}

export type IndexerVolumeBucket = {
  chainId: number
  createdAt: number
  block: number
  period: string
  start: number
  token: Hex
  jobs: number
  volume: bigint
  fees: bigint
  royalties: bigint
  provisional: boolean
}

export type IndexerModelBucket = {
  chainId: number
  createdAt: number
  block: number
  period: string
  start: number
  modelId: Hex
  token: Hex
  jobs: number
  steps: number
  volume: bigint
  provisional: boolean
}

export type IndexerProtocol = {
  chainId: number
  createdAt: number
  block: number
  version: number
  intakePausedUntil: number
  qEffPpm: number | null
  sentinel: Hex | null
  guardian: Hex | null
  guardianUntil: number
  guardianTerm: number
  providers: number
  activeStake: bigint
  delegatedStake: bigint
  jobs: number
  slashed: bigint
  provisional: boolean
}

/** Rows of each list. */
export type IndexerLists = {
  orders: IndexerOrder
  jobs: IndexerJob
  attempts: IndexerAttempt
  offers: IndexerOffer
  'offer-fills': IndexerOfferFill
  auctions: IndexerAuction
  bids: IndexerBid
  disputes: IndexerDispute
  demands: IndexerDemand
  answers: IndexerAnswer
  'proof-commits': IndexerProofCommit
  'fraud-proofs': IndexerFraudProof
  accumulations: IndexerAccumulation
  slashes: IndexerSlash
  'audit-epochs': IndexerAuditEpoch
  audits: IndexerAudit
  'audit-seats': IndexerAuditSeat
  canaries: IndexerCanary
  'attestation-cases': IndexerAttestationCase
  providers: IndexerProvider
  verifiers: IndexerProvider
  pools: IndexerPool
  delegations: IndexerDelegation
  thaws: IndexerThaw
  rewards: IndexerReward
  'reward-epochs': IndexerRewardEpoch
  'staker-epochs': IndexerStakerEpoch
  'staker-claims': IndexerStakerClaim
  distributions: IndexerDistribution
  'fee-splits': IndexerFeeSplit
  'burn-lots': IndexerBurnLot
  balances: IndexerBalance
  holders: IndexerHolder
  tokens: IndexerToken
  models: IndexerModel
  'zk-verifiers': IndexerZkVerifier
  parameters: IndexerParameter
  'parameter-changes': IndexerParameterChange
  snapshots: IndexerSnapshot
  proposals: IndexerProposal
  votes: IndexerVote
  'stake-votes': IndexerStakeVote
  stances: IndexerStance
  operations: IndexerOperation
  notices: IndexerNotice
  buckets: IndexerBucket
  volumes: IndexerVolumeBucket
  prices: IndexerModelBucket
}

/** Filters of each list, by equality. */
export type IndexerFilters = {
  orders: "requester" | "model" | "locked"
  jobs: "requester" | "provider" | "status" | "model"
  attempts: "job" | "provider" | "outcome"
  offers: "provider" | "models" | "cancelled"
  'offer-fills': "offer" | "job" | "provider"
  auctions: "requester" | "taken"
  bids: "job" | "provider" | "status"
  disputes: "job" | "outcome"
  demands: "execution" | "job" | "asker" | "status"
  answers: "execution" | "demand"
  'proof-commits': "execution" | "prover" | "status"
  'fraud-proofs': "execution" | "prover"
  accumulations: "execution" | "status"
  slashes: "provider" | "core"
  'audit-epochs': never
  audits: "status"
  'audit-seats': "execution" | "verifier" | "status"
  canaries: "provider"
  'attestation-cases': "execution" | "verifier" | "status"
  providers: "owner" | "hotKey"
  verifiers: "owner" | "hotKey"
  pools: "provider"
  delegations: "member" | "provider"
  thaws: "member" | "provider"
  rewards: "provider" | "epoch"
  'reward-epochs': never
  'staker-epochs': never
  'staker-claims': "provider" | "epoch"
  distributions: "provider"
  'fee-splits': "token"
  'burn-lots': "token"
  balances: "account" | "token"
  holders: "delegate"
  tokens: never
  models: "publisher"
  'zk-verifiers': never
  parameters: never
  'parameter-changes': "name" | "kind"
  snapshots: "version" | "core" | "token"
  proposals: "status" | "proposer"
  votes: "proposal" | "voter"
  'stake-votes': "proposal" | "provider"
  stances: "proposal" | "provider"
  operations: never
  notices: "contract" | "event"
  buckets: "period" | "start"
  volumes: "period" | "start" | "token"
  prices: "period" | "start" | "model" | "token"
}

/** Fields that travel as text and are bigints here, by the type of row. */
export const indexerAmounts = {
  Order: ["minPrice","maxPrice","collateral","nonce"],
  Job: ["price","collateral","paid","fee","royalty","refunded","slashed","callbackFeeReclaimed"],
  Attempt: ["price","slashed"],
  Offer: ["pricePerStep","capacity","filled"],
  OfferFill: ["filled"],
  Auction: ["bond","collateral","best","second","price","bondReturned","bondBurnt"],
  Bid: ["price","returned","burnt"],
  Dispute: ["slashed","paid","reserveBurnt"],
  Demand: ["bond","toAsker","toProvider","burnt"],
  Answer: [],
  ProofCommit: ["gas"],
  FraudProof: ["claimed","low","high"],
  Accumulation: ["claimed","low","high","gasPaid"],
  Slash: ["amount","selfPart","paid","burnt"],
  AuditEpoch: ["seed","requestId"],
  Audit: ["paid"],
  AuditSeat: ["paid","slashed"],
  Canary: ["paid"],
  AttestationCase: ["slashed"],
  Provider: ["capabilities","active","thawing","reserved","slashed"],
  Pool: ["assets","shares","thawingShares","distributed","claimed","slashed"],
  Delegation: ["shares","deposited","claimed"],
  Thaw: ["thawId","shares","amount"],
  Reward: ["fees","amount","paid"],
  RewardEpoch: ["budget","fees"],
  StakerEpoch: ["pot","paid"],
  StakerClaim: ["amount"],
  Distribution: ["toOwner","toMembers"],
  FeeSplit: ["burnt","stakers","audits","treasury"],
  BurnLot: ["amount","startPrice","paid","burnt"],
  Balance: ["free","committed","leaving"],
  Holder: ["lyn","votes"],
  Token: ["minVerificationFee","lynRate","usdRate","reference"],
  Model: [],
  ZkVerifier: [],
  Parameter: ["value","next"],
  ParameterChange: ["value","next"],
  Snapshot: [],
  Proposal: ["proposalId","against","for","abstain"],
  Vote: ["proposalId","weight","against","for","abstain"],
  StakeVote: ["proposalId","weight"],
  Stance: ["proposalId"],
  Operation: [],
  Notice: [],
  Bucket: ["slashed","activeStake","delegatedStake"],
  VolumeBucket: ["volume","fees","royalties"],
  ModelBucket: ["volume"],
  Protocol: ["activeStake","delegatedStake","slashed"],
} as const

/** The type of row of each list. */
export const indexerRowTypes = {
  orders: 'Order',
  jobs: 'Job',
  attempts: 'Attempt',
  offers: 'Offer',
  'offer-fills': 'OfferFill',
  auctions: 'Auction',
  bids: 'Bid',
  disputes: 'Dispute',
  demands: 'Demand',
  answers: 'Answer',
  'proof-commits': 'ProofCommit',
  'fraud-proofs': 'FraudProof',
  accumulations: 'Accumulation',
  slashes: 'Slash',
  'audit-epochs': 'AuditEpoch',
  audits: 'Audit',
  'audit-seats': 'AuditSeat',
  canaries: 'Canary',
  'attestation-cases': 'AttestationCase',
  providers: 'Provider',
  verifiers: 'Provider',
  pools: 'Pool',
  delegations: 'Delegation',
  thaws: 'Thaw',
  rewards: 'Reward',
  'reward-epochs': 'RewardEpoch',
  'staker-epochs': 'StakerEpoch',
  'staker-claims': 'StakerClaim',
  distributions: 'Distribution',
  'fee-splits': 'FeeSplit',
  'burn-lots': 'BurnLot',
  balances: 'Balance',
  holders: 'Holder',
  tokens: 'Token',
  models: 'Model',
  'zk-verifiers': 'ZkVerifier',
  parameters: 'Parameter',
  'parameter-changes': 'ParameterChange',
  snapshots: 'Snapshot',
  proposals: 'Proposal',
  votes: 'Vote',
  'stake-votes': 'StakeVote',
  stances: 'Stance',
  operations: 'Operation',
  notices: 'Notice',
  buckets: 'Bucket',
  volumes: 'VolumeBucket',
  prices: 'ModelBucket',
} as const
