/** BN254: the curve of ezkl's commitments and of the EVM's precompiles (EIP-197). */

/** Order of the base field. */
export const baseOrder =
  21888242871839275222246405745257275088696311157297823662689037894645226208583n

/** Order of the groups, hence of the scalar field. */
export const groupOrder =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** An affine point of G1; `undefined` is the point at infinity. */
export type G1 = readonly [x: bigint, y: bigint] | undefined

/** Generator of G1. */
export const generator: G1 = [1n, 2n]

export function mod(value: bigint, order: bigint): bigint {
  const rest = value % order
  return rest < 0n ? rest + order : rest
}

/** `base ** exponent` modulo `order`. */
export function power(base: bigint, exponent: bigint, order: bigint): bigint {
  let result = 1n
  for (let left = exponent, square = base; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % order
    square = (square * square) % order
  }
  return result
}

/** Inverses of non-zero values by one inversion (Montgomery's trick). */
export function invertAll(values: bigint[], order: bigint): bigint[] {
  const prefix = [1n]
  for (const [i, value] of values.entries())
    prefix.push(((prefix[i] as bigint) * value) % order)
  const inverses = new Array<bigint>(values.length)
  let rest = power(prefix[values.length] as bigint, order - 2n, order)
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (rest * (prefix[i] as bigint)) % order
    rest = (rest * (values[i] as bigint)) % order
  }
  return inverses
}

/** Sums of pairs of points, all of one length, by one inversion. */
export function addAll(left: G1[], right: G1[]): G1[] {
  const p = baseOrder
  const divisors = left.map((a, i) => {
    const b = right[i]
    if (a === undefined || b === undefined) return 1n
    if (a[0] !== b[0]) return mod(b[0] - a[0], p)
    // A point and itself, or its negative.
    return a[1] === b[1] ? (2n * a[1]) % p : 1n
  })
  const inverses = invertAll(divisors, p)
  return left.map((a, i) => {
    const b = right[i]
    if (a === undefined) return b
    if (b === undefined) return a
    const same = a[0] === b[0]
    if (same && a[1] !== b[1]) return undefined
    const rise = same ? 3n * a[0] * a[0] : b[1] - a[1]
    const slope = mod(rise * (inverses[i] as bigint), p)
    const x = mod(slope * slope - a[0] - b[0], p)
    return [x, mod(slope * (a[0] - x) - a[1], p)]
  })
}
