/** A published figure, or a snapshot that the same tests make of the peer's own code. */
type Peer = { what: string } & (
  | { gas: number }
  | { snapshot: readonly [file: string, name: string] }
)

/** A gas figure that the project holds itself to. */
export type GasTarget = {
  name: string
  /** Snapshots (file and name) that are added up. */
  of: readonly (readonly [file: string, name: string])[]
  /** How much of each snapshot counts; all of it by default. */
  weights?: readonly number[] | undefined
  /** Operations that the one figure covers, such as a batch of 32. */
  per?: number | undefined
  /** In gas; RULES G and DESIGN section 10. */
  target: number
  /** Why it is not met, and what meeting it would cost. */
  unmet?: string | undefined
  /** What the best peer was measured at (PEERS.md), and what it is. */
  peer?: Peer | undefined
}

const lock = ['market', 'lock'] as const
const deliver = ['market', 'deliver'] as const
const settle = ['market', 'settle'] as const

/** Gas targets for what exists. */
export const gasTargets: readonly GasTarget[] = [
  {
    name: 'post, by a contract',
    of: [['market', 'post']],
    target: 70_000,
    peer: { gas: 46_054, what: 'Boundless, event only' },
  },
  {
    name: 'lock',
    of: [lock],
    target: 110_000,
    peer: { gas: 149_434, what: 'Boundless' },
  },
  {
    name: 'lock, fresh nonce word',
    of: [['market', 'lock, fresh nonce word']],
    target: 125_000,
    unmet:
      'a fresh word costs the EVM 17,100 more than a used one; ordering nonces instead would end independent cancels',
  },
  {
    name: 'deliver',
    of: [deliver],
    target: 60_000,
    peer: { gas: 116_712, what: 'Boundless fulfil, which also pays' },
  },
  { name: 'settle', of: [settle], target: 85_000 },
  {
    name: 'settle, each of 32',
    of: [['market', 'settle, 32 at once']],
    per: 32,
    target: 45_000,
    peer: { gas: 67_300, what: 'Boundless fulfil, each of 32' },
  },
  {
    name: 'lock, dollars from cache',
    of: [['ways', 'lock, dollars from cache']],
    target: 115_000,
    unmet:
      'the oracle is a contract and a slot more (4,700) and its rounding is checked; copying rates into the market would make a push of every rate to it',
  },
  {
    name: 'lock, dollars from live feeds',
    of: [['ways', 'lock, dollars from live feeds']],
    target: 150_000,
  },
  {
    name: 'lockWithOffer, first fill',
    of: [['ways', 'lockWithOffer, first fill']],
    target: 140_000,
    unmet:
      'the offer and its signature in calldata, the recovery of its signer, the count of its fills (22,100 the first time) and its event; without the count one offer binds a provider without end',
    peer: { gas: 159_442, what: 'Boundless lock with prover signature' },
  },
  {
    name: 'lockWithOffer, next fill',
    of: [['ways', 'lockWithOffer, next fill']],
    target: 122_000,
    unmet: 'as the first fill, with 5,000 for the count',
    peer: { gas: 159_442, what: 'Boundless lock with prover signature' },
  },
  {
    name: 'lock + deliver + settle',
    of: [lock, deliver, settle],
    target: 245_000,
    unmet:
      'keeping fees in the market until somebody flushes them saves a slot (5,000) a settlement; then pools and stakers wait for that call',
    peer: { gas: 266_000, what: 'Boundless lock + fulfil, no dispute layer' },
  },
  {
    name: 'lock + deliver + settle, settled 32 at once',
    of: [lock, deliver, ['market', 'settle, 32 at once']],
    weights: [1, 1, 1 / 32],
    target: 200_000,
    peer: { gas: 266_000, what: 'Boundless lock + fulfil, no dispute layer' },
  },
  {
    name: 'stake, first',
    of: [['staking', 'stake, first']],
    target: 170_000,
    peer: { gas: 79_602, what: 'Chainlink' },
  },
  {
    name: 'stake, again',
    of: [['staking', 'stake, again']],
    target: 150_000,
    peer: { gas: 67_333, what: 'Chainlink' },
  },
  {
    name: 'governance: propose',
    of: [['governance', 'propose']],
    target: 80_000,
    peer: {
      snapshot: ['governance', 'propose, plain OpenZeppelin'],
      what: "OpenZeppelin's own governor",
    },
  },
  {
    name: 'governance: vote, first',
    of: [['governance', 'vote, first']],
    target: 85_000,
    peer: {
      snapshot: ['governance', 'vote, first, plain OpenZeppelin'],
      what: "OpenZeppelin's own governor",
    },
  },
  {
    name: 'governance: queue',
    of: [['governance', 'queue']],
    target: 145_000,
    unmet:
      'the peer has no late-quorum module, whose deadline is a slot (2,100) that whoever queues must read, and its action is a word shorter; hashing the operation here instead of asking the timelock would save 2,100, for a copy of audited code',
    peer: {
      snapshot: ['governance', 'queue, plain OpenZeppelin'],
      what: "OpenZeppelin's own governor",
    },
  },
  {
    name: 'claim a reward, first claim of its epoch',
    of: [['governance', 'claim a reward, first']],
    target: 75_000,
  },
  {
    name: 'claim a reward, after the first claim of its epoch',
    of: [['governance', 'claim a reward, next']],
    target: 75_000,
  },
  {
    name: 'delegate, first, with vote checkpoints',
    of: [['staking', 'delegate, first']],
    target: 175_000,
    peer: { gas: 79_602, what: 'Chainlink stake, which has no votes' },
  },
  {
    name: 'audit: commit',
    of: [['audits', 'commit']],
    target: 55_000,
  },
  {
    name: 'audit: reveal and pay',
    of: [['audits', 'reveal and pay']],
    target: 95_000,
  },
  {
    // In a word that an earlier audit left: docs/audits.md, "Gas".
    name: 'audit: reveal and pay, first of an execution',
    of: [['audits', 'reveal and pay, first of an execution']],
    target: 95_000,
  },
  {
    name: 'deliver with a proof, beyond its verification (24 inputs)',
    of: [
      ['zk', 'deliver, proved, 24 inputs'],
      ['zk', 'verifier alone, 24 inputs'],
    ],
    weights: [1, -1],
    target: 90_000,
    unmet:
      'delivery and payment alone are 82,000; the rest reads the order (27 words) and the shape, turns every number, hashes tensors and announces outputs, without which the proof would bind neither the input nor the result that the order names',
  },
  // Judging alone, as a transaction of its own: calldata, openings, operands and
  // the checker; what a conviction writes is in the snapshots of disputes.
  {
    name: 'judge one element, a sum of 512 products',
    of: [['fraudProof', 'dot of 512, whole transaction']],
    target: 350_000,
  },
  {
    name: 'judge one element, a sum of 4,096 products',
    of: [['fraudProof', 'dot of 4096, whole transaction']],
    target: 1_600_000,
  },
]
