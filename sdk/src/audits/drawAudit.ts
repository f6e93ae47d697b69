import { encodeAbiParameters, type Hex, hexToBigInt, keccak256 } from 'viem'

const million = 1_000_000n
/** Seats are expected in hundredths. */
const seat = 100n

/**
 * Whether the seed of its epoch samples an execution. Twin of
 * `AuditDraw.isSampled`.
 *
 * @param draw.ratePpm - Of the snapshot that governs the epoch.
 * @example
 * const audited = isSampled({ seed: 7n, ratePpm: 50_000, execId })
 */
export function isSampled(draw: {
  seed: bigint
  ratePpm: number
  execId: Hex
}): boolean {
  const word = wordOf(
    [{ type: 'uint160' }, { type: 'bytes32' }],
    [draw.seed, draw.execId],
  )
  return word % million < BigInt(draw.ratePpm)
}

export type SeatsOfParameters = {
  seed: bigint
  execId: Hex
  verifierId: number
  /** 0, or 1 when nobody revealed in round 0: twice as many seats. */
  round: number
  /** Expected seats in hundredths, as the snapshot has them. */
  seats: number
  /** LYN wei in the last second of the epoch: of the verifier, and of all. */
  stake: bigint
  total: bigint
}

/**
 * Seats that the draw gives a verifier: linear in its stake, the fraction decided
 * by the seed, so that splitting a stake gains nothing. Twin of
 * `AuditDraw.seatsOf`.
 *
 * @example
 * const seats = seatsOf({ seed: 7n, execId, verifierId, round: 0, seats: 300, stake: amount, total: 9n * amount })
 */
export function seatsOf(parameters: SeatsOfParameters): number {
  const { seed, execId, verifierId, round, seats, stake, total } = parameters
  if (stake === 0n) return 0
  const share = (BigInt(seats) << BigInt(round)) * stake
  const whole = seat * total
  const ticket = wordOf(
    [
      { type: 'uint160' },
      { type: 'bytes32' },
      { type: 'uint32' },
      { type: 'uint8' },
    ],
    [seed, execId, verifierId, round],
  )
  const rest = ticket % whole < share % whole ? 1n : 0n
  return Number(share / whole + rest)
}

/**
 * The step of an execution that its auditors attest. Twin of `AuditDraw.stepOf`.
 *
 * @example
 * const step = stepOf({ seed: 7n, execId, steps: 1 })
 */
export function stepOf(draw: {
  seed: bigint
  execId: Hex
  steps: number
}): number {
  const word = wordOf(
    [{ type: 'uint160' }, { type: 'bytes32' }, { type: 'string' }],
    [draw.seed, draw.execId, 'step'],
  )
  return Number(word % BigInt(draw.steps))
}

/**
 * The seed that a word of the oracle, or a block's prevrandao, gives an epoch.
 * Twin of `AuditSeeds`.
 *
 * @example
 * const seed = seedOf(3, 123n)
 */
export function seedOf(epoch: number, word: bigint): bigint {
  const seed =
    wordOf([{ type: 'uint40' }, { type: 'uint256' }], [epoch, word]) %
    (1n << 160n)
  return seed === 0n ? 1n : seed
}

function wordOf(
  types: readonly { type: string }[],
  values: readonly unknown[],
): bigint {
  return hexToBigInt(keccak256(encodeAbiParameters(types, values)))
}
