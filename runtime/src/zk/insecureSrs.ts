import {
  addAll,
  type G1,
  generator,
  groupOrder,
  invertAll,
  power,
} from './bn254.js'
import { encodeSrs } from './srsFile.js'

/** The generator of G2 (EIP-197): `[x.c0, x.c1, y.c0, y.c1]`. */
const g2 = [
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
]

/** Twice it. */
const twiceG2 = [
  18029695676650738226693292988307914797657423701064905010927197838374790804409n,
  14583779054894525174450323658765874724019480979794335525732096752006891875705n,
  2140229616977736810657479771656733941598412651537078903776637920509952744750n,
  11474861747383700316476719153975578001603231366361248090558603872215261634898n,
]

const windowBits = 8

/**
 * A structured reference string whose secret is 2, for tests and local chains:
 * anyone can prove anything with it.
 *
 * @param logRows - k: the string has 2^k points of each kind.
 * @returns The bytes of an ezkl SRS file.
 */
export function insecureSrs(logRows: number): Uint8Array<ArrayBuffer> {
  const size = 1 << logRows
  const r = groupOrder
  const powers: G1[] = [generator]
  for (let i = 1; i < size; i++)
    powers.push(addAll([powers[i - 1]], [powers[i - 1]])[0])

  // Lagrange polynomial i at 2: w^i (2^n - 1) / (n (2 - w^i)).
  const root = rootOfUnity(logRows)
  const points = [1n]
  for (let i = 1; i < size; i++)
    points.push(((points[i - 1] as bigint) * root) % r)
  const inverses = invertAll(
    points.map((point) => (BigInt(size) * (2n - point + r)) % r),
    r,
  )
  const factor = power(2n, BigInt(size), r) - 1n + r
  const scalars = points.map(
    (point, i) => (((point * factor) % r) * (inverses[i] as bigint)) % r,
  )
  return encodeSrs({
    logRows,
    powers,
    lagrange: multiplesOfGenerator(scalars),
    g2,
    secretG2: twiceG2,
  })
}

/** Halo2's root of unity of order 2^k, from the generator 7 of the scalars. */
export function rootOfUnity(logRows: number): bigint {
  return power(7n, (groupOrder - 1n) >> BigInt(logRows), groupOrder)
}

/** The generator times each scalar, window by window, all scalars at once. */
function multiplesOfGenerator(scalars: bigint[]): G1[] {
  let sums: G1[] = scalars.map(() => undefined)
  let base: G1 = generator
  for (let shift = 0n; shift < 256n; shift += BigInt(windowBits)) {
    const table: G1[] = [undefined, base]
    while (table.length < 2 ** windowBits)
      table.push(addAll([table.at(-1)], [base])[0])
    sums = addAll(
      sums,
      scalars.map((scalar) => table[Number((scalar >> shift) & 255n)]),
    )
    base = addAll([table.at(-1)], [base])[0]
  }
  return sums
}
