import { index, onchainTable, type PgColumnsBuilders, primaryKey } from 'ponder'

/**
 * Columns of every table. A row belongs to one chain, and says where it came
 * from: `position` orders rows by their creation (block, then log), `createdAt`
 * is a block's time, `block` the last one that changed the row.
 */
const base = (t: PgColumnsBuilders) => ({
  chainId: t.integer().notNull(),
  position: t.int8({ mode: 'number' }).notNull(),
  createdAt: t.int8({ mode: 'number' }).notNull(),
  block: t.int8({ mode: 'number' }).notNull(),
})

const time = (t: PgColumnsBuilders) => t.int8({ mode: 'number' }).notNull()
const count = (t: PgColumnsBuilders) => t.int8({ mode: 'number' }).notNull()
const amount = (t: PgColumnsBuilders) => t.bigint().notNull()
const hex = (t: PgColumnsBuilders) => t.hex().notNull()

// --- The market ---

/** What a requester signed, as far as a transaction has shown it. */
export const order = onchainTable(
  'order',
  (t) => ({
    ...base(t),
    jobId: hex(t),
    requester: hex(t),
    modelId: hex(t),
    class: t.integer().notNull(),
    steps: count(t),
    payToken: hex(t),
    minPrice: amount(t),
    maxPrice: amount(t),
    collateral: amount(t),
    expiry: time(t),
    nonce: amount(t),
    /** All fields, amounts as text. */
    terms: t.json().$type<Record<string, string | number>>().notNull(),
    signature: hex(t),
    /** Whether it was ever locked; a job of that id exists then. */
    locked: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
    requester: index().on(table.requester, table.position),
    model: index().on(table.modelId, table.position),
  }),
)

/** Nonces that are spent or withdrawn: a word of 256 each. */
export const nonceWord = onchainTable(
  'nonce_word',
  (t) => ({ ...base(t), requester: hex(t), word: amount(t), mask: amount(t) }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.requester, table.word] }),
  }),
)

/** An order that was locked, as JobMarket has it, and what became of it. */
export const job = onchainTable(
  'job',
  (t) => ({
    ...base(t),
    jobId: hex(t),
    requester: hex(t),
    status: t.text().notNull(),
    /** 0 while no provider has it. */
    providerId: t.integer().notNull(),
    attempt: t.integer().notNull(),
    price: amount(t),
    /** As the market's: end of delivery, time of delivery or of the re-opening. */
    time: time(t),
    resultRoot: hex(t),
    collateral: amount(t),
    /** Of the running or last attempt. */
    execId: hex(t),
    /** Of the order; unknown if it was locked through a contract of a stranger. */
    modelId: t.hex(),
    class: t.integer(),
    steps: t.int8({ mode: 'number' }),
    payToken: t.hex(),
    deliverBy: time(t),
    /** Re-opened: the last moment of the next lock. */
    lockBy: time(t),
    deliveredAt: time(t),
    finalAt: time(t),
    closedAt: time(t),
    paid: amount(t),
    fee: amount(t),
    royalty: amount(t),
    refunded: amount(t),
    slashed: amount(t),
    /** Outputs that travelled in the delivery's calldata. */
    outputs: t.json().$type<unknown>(),
    /** Whether the consumer's callback went through; null before it. */
    callbackOk: t.boolean(),
    callbackFeeReclaimed: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
    requester: index().on(table.requester, table.position),
    provider: index().on(table.providerId, table.position),
    status: index().on(table.status, table.position),
    model: index().on(table.modelId, table.position),
  }),
)

/** One lock of a job: what an execution id stands for. */
export const attempt = onchainTable(
  'attempt',
  (t) => ({
    ...base(t),
    execId: hex(t),
    jobId: hex(t),
    providerId: t.integer().notNull(),
    attempt: t.integer().notNull(),
    price: amount(t),
    lockedAt: time(t),
    deliverBy: time(t),
    deliveredAt: time(t),
    finalAt: time(t),
    endedAt: time(t),
    resultRoot: hex(t),
    /** locked, delivered, settled, convicted, expired, declined or voided. */
    outcome: t.text().notNull(),
    slashed: amount(t),
    /** Whether the requester waived demands for outputs. */
    waived: t.boolean().notNull(),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    job: index().on(table.jobId),
    provider: index().on(table.providerId, table.position),
  }),
)

/** A provider's standing offer, as far as it was announced or filled on chain. */
export const offer = onchainTable(
  'offer',
  (t) => ({
    ...base(t),
    offerId: hex(t),
    providerId: t.integer().notNull(),
    /** Null for an offer of which only fills are known. */
    models: t.hex(),
    class: t.integer(),
    payToken: t.hex(),
    pricePerStep: t.bigint(),
    capacity: t.bigint(),
    expiry: t.int8({ mode: 'number' }),
    terms: t.json().$type<Record<string, string | number>>(),
    signature: t.hex(),
    filled: amount(t),
    fills: count(t),
    cancelled: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.offerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

export const offerFill = onchainTable(
  'offer_fill',
  (t) => ({
    ...base(t),
    offerId: hex(t),
    jobId: hex(t),
    providerId: t.integer().notNull(),
    /** Steps of the offer that are taken, this fill included. */
    filled: amount(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    offer: index().on(table.offerId, table.position),
  }),
)

/** A sealed auction of an order. */
export const auction = onchainTable(
  'auction',
  (t) => ({
    ...base(t),
    jobId: hex(t),
    requester: hex(t),
    commitEnd: time(t),
    revealEnd: time(t),
    bond: amount(t),
    collateral: amount(t),
    bids: t.integer().notNull(),
    bestId: t.integer().notNull(),
    best: amount(t),
    second: amount(t),
    /** The winner was locked. */
    taken: t.boolean().notNull(),
    winnerId: t.integer().notNull(),
    price: amount(t),
    /** The requester's bond has left. */
    returned: t.boolean().notNull(),
    bondReturned: amount(t),
    bondBurnt: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId] }),
    newest: index().on(table.position),
  }),
)

export const bid = onchainTable(
  'bid',
  (t) => ({
    ...base(t),
    jobId: hex(t),
    providerId: t.integer().notNull(),
    commitment: hex(t),
    /** sealed, revealed or closed. */
    status: t.text().notNull(),
    /** Null until it is revealed. */
    price: t.bigint(),
    leads: t.boolean().notNull(),
    returned: amount(t),
    burnt: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.jobId, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

// --- Disputes ---

/** An execution that a demand, a commit or an accumulation has touched. */
export const dispute = onchainTable(
  'dispute',
  (t) => ({
    ...base(t),
    execId: hex(t),
    /** The job, or the case of an auditor; null while only a commit is known. */
    jobId: t.hex(),
    /** open, settled, convicted or void. */
    outcome: t.text().notNull(),
    /** 0 while it is the attempt's own. */
    finalAt: time(t),
    demands: count(t),
    openDemands: count(t),
    commits: count(t),
    prover: t.hex(),
    convictedAt: time(t),
    slashed: amount(t),
    paid: amount(t),
    reserveBurnt: amount(t),
    endedAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    job: index().on(table.jobId),
    outcome: index().on(table.outcome, table.position),
  }),
)

export const demand = onchainTable(
  'demand',
  (t) => ({
    ...base(t),
    demandId: hex(t),
    execId: hex(t),
    jobId: hex(t),
    asker: hex(t),
    /** trace, output, chunk, tensor, witness or step. */
    kind: t.text().notNull(),
    /** open, answered, expired or claimed. */
    status: t.text().notNull(),
    step: count(t),
    value: count(t),
    chunk: count(t),
    count: count(t),
    bond: amount(t),
    deadline: time(t),
    answeredAt: time(t),
    toAsker: amount(t),
    toProvider: amount(t),
    burnt: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.demandId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** What answered a demand; bytes stay on chain, in the transaction. */
export const answer = onchainTable(
  'answer',
  (t) => ({
    ...base(t),
    demandId: hex(t),
    execId: hex(t),
    kind: t.text().notNull(),
    step: count(t),
    /** Of the trace, of the outputs or of the value's bytes; null of a witness. */
    root: t.hex(),
    detail: t.json().$type<Record<string, unknown>>().notNull(),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    execution: index().on(table.execId, table.position),
    demand: index().on(table.demandId),
  }),
)

/** A commit to a proof of fraud. */
export const proofCommit = onchainTable(
  'proof_commit',
  (t) => ({
    ...base(t),
    commitId: hex(t),
    execId: hex(t),
    prover: hex(t),
    revealBy: time(t),
    /** committed, revealed, late, paid, returned or forfeited. A reveal through another contract leaves it committed. */
    status: t.text().notNull(),
    /** Gas that a late proof is owed, then what it was paid. */
    gas: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.commitId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** An element that was proved wrong, and the interval that it missed. */
export const fraudProof = onchainTable(
  'fraud_proof',
  (t) => ({
    ...base(t),
    execId: hex(t),
    prover: hex(t),
    step: count(t),
    node: count(t),
    output: count(t),
    element: count(t),
    claimed: amount(t),
    low: amount(t),
    high: amount(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    execution: index().on(table.execId, table.position),
  }),
)

/** A proof of one big element, in several transactions. */
export const accumulation = onchainTable(
  'accumulation',
  (t) => ({
    ...base(t),
    accumulationId: hex(t),
    execId: hex(t),
    opener: hex(t),
    step: count(t),
    node: count(t),
    output: count(t),
    element: count(t),
    absorbed: count(t),
    terms: count(t),
    liveUntil: time(t),
    /** open, judged or claimed. */
    status: t.text().notNull(),
    fraud: t.boolean(),
    claimed: t.bigint(),
    low: t.bigint(),
    high: t.bigint(),
    bondTo: t.hex(),
    gasPaid: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.accumulationId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId, table.position),
  }),
)

/** Every slash of stake. */
export const slash = onchainTable(
  'slash',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    core: hex(t),
    amount: amount(t),
    selfPart: amount(t),
    paid: amount(t),
    burnt: amount(t),
    jailedUntil: time(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    provider: index().on(table.providerId, table.position),
  }),
)

// --- Audits ---

/** An epoch of audits, and the seed by which executions delivered in it are sampled. */
export const auditEpoch = onchainTable(
  'audit_epoch',
  (t) => ({
    ...base(t),
    epoch: count(t),
    seed: amount(t),
    ratePpm: t.integer().notNull(),
    qEffPpm: t.integer().notNull(),
    version: t.integer().notNull(),
    /** Of the oracle; 0 if it refused. */
    requestId: amount(t),
    fallbackBlock: count(t),
    closedAt: time(t),
    /** 0 while there is no seed. */
    seedAt: time(t),
    byFallback: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

/** The audit of a sampled execution, from its first reveal or its end on. */
export const audit = onchainTable(
  'audit',
  (t) => ({
    ...base(t),
    execId: hex(t),
    /** open, completed, empty (nobody revealed), voided or convicted. */
    status: t.text().notNull(),
    step: count(t),
    agreeing: t.integer().notNull(),
    differing: t.integer().notNull(),
    withheld: t.integer().notNull(),
    /** In wei of the order's pay token. */
    paid: amount(t),
    /** Of the demand that the pool bonded. */
    demandId: t.hex(),
    endedAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
    status: index().on(table.status, table.position),
  }),
)

/** What a verifier did about an execution. */
export const auditSeat = onchainTable(
  'audit_seat',
  (t) => ({
    ...base(t),
    execId: hex(t),
    verifierId: t.integer().notNull(),
    /** committed, revealed, released, withheld, absent or slashed. */
    status: t.text().notNull(),
    /** agrees, differs, or none before the reveal. */
    finding: t.text().notNull(),
    step: count(t),
    seats: t.integer().notNull(),
    traceRoot: t.hex(),
    /** In wei of the order's pay token. */
    paid: amount(t),
    slashed: amount(t),
    reporter: t.hex(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.execId, table.verifierId],
    }),
    newest: index().on(table.position),
    verifier: index().on(table.verifierId, table.position),
  }),
)

/** A job whose wrong result was known before it was locked, once that is shown. */
export const canary = onchainTable(
  'canary',
  (t) => ({
    ...base(t),
    execId: hex(t),
    jobId: hex(t),
    providerId: t.integer().notNull(),
    resultRoot: hex(t),
    /** Verifiers that were proved to have vouched for it. */
    proved: t.integer().notNull(),
    /** LYN wei out of the escrow. */
    paid: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.execId] }),
    newest: index().on(table.position),
  }),
)

/** What an auditor attested, brought before the disputes. */
export const attestationCase = onchainTable(
  'attestation_case',
  (t) => ({
    ...base(t),
    caseId: hex(t),
    execId: hex(t),
    verifierId: t.integer().notNull(),
    step: count(t),
    traceRoot: hex(t),
    /** delivered, settled or convicted, as the case of a job. */
    status: t.text().notNull(),
    slashed: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.caseId] }),
    newest: index().on(table.position),
    execution: index().on(table.execId),
  }),
)

// --- Stake ---

/** Providers and verifiers: ids are shared by both roles. */
export const provider = onchainTable(
  'provider',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    /** provider or verifier. */
    role: t.text().notNull(),
    owner: hex(t),
    hotKey: hex(t),
    endpoint: t.text().notNull(),
    capabilities: amount(t),
    /** Self-stake that does not thaw. */
    active: amount(t),
    thawing: amount(t),
    thawedAt: time(t),
    /** Of providers: what running jobs and bids may take. Null for verifiers, of which no event tells it. */
    reserved: t.bigint(),
    jailedUntil: time(t),
    poolNonce: t.integer().notNull(),
    commissionBps: t.integer().notNull(),
    nextCommissionBps: t.integer().notNull(),
    commissionAt: time(t),
    rewardsVoidUntil: time(t),
    locked: count(t),
    settled: count(t),
    expired: count(t),
    declined: count(t),
    convicted: count(t),
    voided: count(t),
    slashed: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.providerId] }),
    newest: index().on(table.position),
    role: index().on(table.role, table.position),
    owner: index().on(table.owner),
    hotKey: index().on(table.hotKey),
  }),
)

/** Stake that others lend, by shares. */
export const pool = onchainTable(
  'pool',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    floorBps: t.integer().notNull(),
    assets: amount(t),
    shares: amount(t),
    thawingShares: amount(t),
    distributed: amount(t),
    claimed: amount(t),
    slashed: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.providerId, table.nonce] }),
    newest: index().on(table.position),
  }),
)

/** What one member has in a pool. */
export const delegation = onchainTable(
  'delegation',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    member: hex(t),
    shares: amount(t),
    deposited: amount(t),
    claimed: amount(t),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.providerId, table.nonce, table.member],
    }),
    newest: index().on(table.position),
    member: index().on(table.member, table.position),
  }),
)

/** Shares on their way out of a pool. */
export const thaw = onchainTable(
  'thaw',
  (t) => ({
    ...base(t),
    thawId: amount(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    member: hex(t),
    shares: amount(t),
    thawedAt: time(t),
    withdrawnAt: time(t),
    amount: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.thawId] }),
    newest: index().on(table.position),
    member: index().on(table.member, table.position),
  }),
)

// --- Rewards and fees ---

export const rewardEpoch = onchainTable(
  'reward_epoch',
  (t) => ({ ...base(t), epoch: count(t), budget: amount(t), fees: amount(t) }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

/** What a provider has earned of the reserve in an epoch. */
export const reward = onchainTable(
  'reward',
  (t) => ({
    ...base(t),
    epoch: count(t),
    providerId: t.integer().notNull(),
    fees: amount(t),
    jobs: count(t),
    amount: amount(t),
    granted: t.boolean().notNull(),
    paid: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

/** The stakers' part of the fees of an epoch. */
export const stakerEpoch = onchainTable(
  'staker_epoch',
  (t) => ({ ...base(t), epoch: count(t), pot: amount(t), paid: amount(t) }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch] }),
    newest: index().on(table.position),
  }),
)

export const stakerClaim = onchainTable(
  'staker_claim',
  (t) => ({
    ...base(t),
    epoch: count(t),
    providerId: t.integer().notNull(),
    amount: amount(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.epoch, table.providerId] }),
    newest: index().on(table.position),
    provider: index().on(table.providerId, table.position),
  }),
)

/** Rewards that a pool's owner and members were paid. */
export const distribution = onchainTable(
  'distribution',
  (t) => ({
    ...base(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    from: hex(t),
    toOwner: amount(t),
    toMembers: amount(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    provider: index().on(table.providerId, table.position),
  }),
)

/** How protocol fees were split. */
export const feeSplit = onchainTable(
  'fee_split',
  (t) => ({
    ...base(t),
    token: hex(t),
    burnt: amount(t),
    stakers: amount(t),
    audits: amount(t),
    treasury: amount(t),
    transaction: hex(t),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.position] }) }),
)

/** A lot of the auction that buys LYN for fees. */
export const burnLot = onchainTable(
  'burn_lot',
  (t) => ({
    ...base(t),
    token: hex(t),
    amount: amount(t),
    startPrice: amount(t),
    buyer: t.hex(),
    paid: amount(t),
    burnt: amount(t),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId, table.position] }) }),
)

// --- Money ---

/** Accounts of the Ledger. */
export const balance = onchainTable(
  'balance',
  (t) => ({
    ...base(t),
    token: hex(t),
    account: hex(t),
    free: amount(t),
    committed: amount(t),
    leaving: amount(t),
    leavingAt: time(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.token, table.account] }),
    newest: index().on(table.position),
    account: index().on(table.account),
  }),
)

/** Holders of LYN and their votes. */
export const holder = onchainTable(
  'holder',
  (t) => ({
    ...base(t),
    account: hex(t),
    lyn: amount(t),
    votes: amount(t),
    delegate: t.hex(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.account] }),
    newest: index().on(table.position),
  }),
)

/** Pay tokens and what they are worth. */
export const token = onchainTable(
  'token',
  (t) => ({
    ...base(t),
    token: hex(t),
    /** The Ledger takes it. */
    allowed: t.boolean().notNull(),
    /** Orders may be paid in it. */
    listed: t.boolean().notNull(),
    minVerificationFee: amount(t),
    lynRate: amount(t),
    usdRate: amount(t),
    feeds: t.json().$type<Record<string, unknown>>(),
    /** Where a burn auction of it starts. */
    reference: amount(t),
    /** Position of its lot that runs or ran last. */
    lot: t.int8({ mode: 'number' }).notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.token] }),
    newest: index().on(table.position),
  }),
)

// --- Models ---

export const model = onchainTable(
  'model',
  (t) => ({
    ...base(t),
    modelId: hex(t),
    publisher: hex(t),
    royaltyBps: t.integer().notNull(),
    /** A bit for each class. */
    classes: t.integer().notNull(),
    checkerVersion: t.integer().notNull(),
    header: t.json().$type<Record<string, string | number>>().notNull(),
    /** What binds it to a circuit; null without one. */
    zk: t.json().$type<Record<string, unknown>>(),
    jobs: count(t),
    steps: count(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.modelId] }),
    newest: index().on(table.position),
    publisher: index().on(table.publisher),
  }),
)

/** Verifiers of zk proofs behind the router. */
export const zkVerifier = onchainTable(
  'zk_verifier',
  (t) => ({
    ...base(t),
    selector: hex(t),
    verifier: hex(t),
    codeHash: hex(t),
    retired: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.selector] }),
    newest: index().on(table.position),
  }),
)

// --- Governance ---

/** A parameter: in force for the next version, and what is scheduled. */
export const parameter = onchainTable(
  'parameter',
  (t) => ({
    ...base(t),
    name: t.text().notNull(),
    value: amount(t),
    next: amount(t),
    /** 0 while nothing is scheduled. */
    activeAt: time(t),
    abdicated: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.name] }),
    newest: index().on(table.position),
  }),
)

/** The history of parameters. */
export const parameterChange = onchainTable(
  'parameter_change',
  (t) => ({
    ...base(t),
    name: t.text().notNull(),
    /** set, scheduled, reduced or abdicated. */
    kind: t.text().notNull(),
    value: amount(t),
    next: t.bigint(),
    activeAt: time(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    name: index().on(table.name, table.position),
  }),
)

/** What a version of the parameters pushed to the market or the disputes. */
export const snapshot = onchainTable(
  'snapshot',
  (t) => ({
    ...base(t),
    version: t.integer().notNull(),
    /** market, disputes or audits. */
    core: t.text().notNull(),
    /** Of the market; 0 of the others. */
    class: t.integer().notNull(),
    token: hex(t),
    enabled: t.boolean().notNull(),
    values: t
      .json()
      .$type<Record<string, string | number | boolean>>()
      .notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [
        table.chainId,
        table.version,
        table.core,
        table.class,
        table.token,
      ],
    }),
    newest: index().on(table.position),
  }),
)

export const proposal = onchainTable(
  'proposal',
  (t) => ({
    ...base(t),
    proposalId: amount(t),
    proposer: hex(t),
    description: t.text().notNull(),
    actions: t
      .json()
      .$type<{ target: string; value: string; data: string }[]>()
      .notNull(),
    snapshot: time(t),
    deadline: time(t),
    /** 0 until it is queued. */
    eta: time(t),
    against: amount(t),
    for: amount(t),
    abstain: amount(t),
    voters: count(t),
    /** created, queued, executed or canceled; votes and time say the rest. */
    status: t.text().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.proposalId] }),
    newest: index().on(table.position),
  }),
)

export const vote = onchainTable(
  'vote',
  (t) => ({
    ...base(t),
    proposalId: amount(t),
    voter: hex(t),
    support: t.integer().notNull(),
    weight: amount(t),
    against: amount(t),
    for: amount(t),
    abstain: amount(t),
    reason: t.text().notNull(),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    proposal: index().on(table.proposalId, table.position),
    voter: index().on(table.voter, table.position),
  }),
)

/** Votes of stake: of members, and of pools that were flushed. */
export const stakeVote = onchainTable(
  'stake_vote',
  (t) => ({
    ...base(t),
    proposalId: amount(t),
    providerId: t.integer().notNull(),
    nonce: t.integer().notNull(),
    /** Null for the rest of a pool. */
    member: t.hex(),
    support: t.integer().notNull(),
    weight: amount(t),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    proposal: index().on(table.proposalId, table.position),
  }),
)

/** How a provider will vote with what its members leave. */
export const stance = onchainTable(
  'stance',
  (t) => ({
    ...base(t),
    proposalId: amount(t),
    providerId: t.integer().notNull(),
    support: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.proposalId, table.providerId],
    }),
    newest: index().on(table.position),
  }),
)

/** An operation of the timelock. */
export const operation = onchainTable(
  'operation',
  (t) => ({
    ...base(t),
    timelockId: hex(t),
    calls: t
      .json()
      .$type<{ target: string; value: string; data: string }[]>()
      .notNull(),
    readyAt: time(t),
    executed: t.integer().notNull(),
    cancelled: t.boolean().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.timelockId] }),
    newest: index().on(table.position),
  }),
)

/** Settings that change seldom: roles, cores, guardians, payments of vaults. */
export const notice = onchainTable(
  'notice',
  (t) => ({
    ...base(t),
    contract: t.text().notNull(),
    address: hex(t),
    event: t.text().notNull(),
    args: t.json().$type<Record<string, unknown>>().notNull(),
    transaction: hex(t),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.position] }),
    event: index().on(table.contract, table.event, table.position),
  }),
)

/** One row a chain: what holds for the protocol as a whole. */
export const protocol = onchainTable(
  'protocol',
  (t) => ({
    ...base(t),
    version: t.integer().notNull(),
    intakePausedUntil: time(t),
    qEffPpm: t.integer(),
    sentinel: t.hex(),
    guardian: t.hex(),
    guardianUntil: time(t),
    guardianTerm: t.integer().notNull(),
    providers: t.integer().notNull(),
    /** Self-stake that does not thaw, of all. */
    activeStake: amount(t),
    /** LYN in all pools. */
    delegatedStake: amount(t),
    jobs: count(t),
    slashed: amount(t),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.chainId] }) }),
)

// --- Buckets ---

/** Counts of an hour or a day, in UTC. */
export const bucket = onchainTable(
  'bucket',
  (t) => ({
    ...base(t),
    /** hour or day. */
    period: t.text().notNull(),
    start: time(t),
    locked: count(t),
    delivered: count(t),
    settled: count(t),
    convicted: count(t),
    expired: count(t),
    refunded: count(t),
    slashes: count(t),
    slashed: amount(t),
    /** At the last change of stake within it; null if there was none. */
    activeStake: t.bigint(),
    delegatedStake: t.bigint(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.period, table.start] }),
    newest: index().on(table.period, table.start),
  }),
)

/** What was paid for settled jobs, by pay token. */
export const volumeBucket = onchainTable(
  'volume_bucket',
  (t) => ({
    ...base(t),
    period: t.text().notNull(),
    start: time(t),
    token: hex(t),
    jobs: count(t),
    volume: amount(t),
    fees: amount(t),
    royalties: amount(t),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.period, table.start, table.token],
    }),
    newest: index().on(table.period, table.start),
  }),
)

/** What a model's settled steps cost, by pay token: `volume / steps`. */
export const modelBucket = onchainTable(
  'model_bucket',
  (t) => ({
    ...base(t),
    period: t.text().notNull(),
    start: time(t),
    modelId: hex(t),
    token: hex(t),
    jobs: count(t),
    steps: count(t),
    volume: amount(t),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [
        table.chainId,
        table.period,
        table.start,
        table.modelId,
        table.token,
      ],
    }),
    newest: index().on(table.period, table.start),
    model: index().on(table.modelId, table.period, table.start),
  }),
)
