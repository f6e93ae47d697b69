import { type Hex, hexToBigInt, keccak256, toHex } from 'viem'
import { isSampled, seatsOf, seedOf, stepOf } from '../audits/drawAudit.js'

/**
 * Cases of the draw of audits with what the twins say, row after row as decimal
 * strings, for test/differential/AuditDraw.t.sol to ask the contract's library.
 */
export function drawVectors(): Record<string, string[]> {
  let state = keccak256(toHex('draws'))
  const below = (limit: bigint) => {
    state = keccak256(state)
    return hexToBigInt(state) % limit
  }
  const execIdOf = (word: bigint): Hex => toHex(word, { size: 32 })
  const rows = (count: number, row: () => bigint[]) =>
    Array.from({ length: count }, row).flat().map(String)
  return {
    // seed, rate, execution, whether it is sampled
    samples: rows(64, () => {
      const [seed, rate, id] = [
        below(1n << 160n),
        below(1_000_001n),
        below(1n << 256n),
      ] as const
      const sampled = isSampled({
        seed,
        ratePpm: Number(rate),
        execId: execIdOf(id),
      })
      return [seed, rate, id, sampled ? 1n : 0n]
    }),
    // seed, execution, verifier, round, expected hundredths of round 0, stake, total, seats
    seats: rows(128, () => {
      const [seed, id, verifier, round, seats] = [
        below(1n << 160n),
        below(1n << 256n),
        below(1n << 32n),
        below(2n),
        below(1n << 16n),
      ] as const
      const total = 1n + below(1n << below(96n))
      const stake = below(total + 1n)
      const drawn = seatsOf({
        seed,
        execId: execIdOf(id),
        verifierId: Number(verifier),
        round: Number(round),
        seats: Number(seats),
        stake,
        total,
      })
      return [seed, id, verifier, round, seats, stake, total, BigInt(drawn)]
    }),
    // seed, execution, steps, step
    steps: rows(64, () => {
      const [seed, id] = [below(1n << 160n), below(1n << 256n)] as const
      const steps = 1n + below(1n << below(32n))
      const step = stepOf({
        seed,
        execId: execIdOf(id),
        steps: Number(steps),
      })
      return [seed, id, steps, BigInt(step)]
    }),
    // epoch, word, seed
    seeds: rows(16, () => {
      const [epoch, word] = [below(1n << 40n), below(1n << 256n)] as const
      return [epoch, word, seedOf(Number(epoch), word)]
    }),
  }
}
