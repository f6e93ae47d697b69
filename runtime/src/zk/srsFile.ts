import { baseOrder, type G1 } from './bn254.js'

/** What an SRS file of ezkl holds (halo2's `ParamsKZG`, uncompressed). */
export type Srs = {
  /** k: there are 2^k points of each kind. */
  logRows: number
  /** Powers of the secret, times the generator. */
  powers: readonly G1[]
  /** Lagrange polynomials at the secret, times the generator. */
  lagrange: readonly G1[]
  /** `[x.c0, x.c1, y.c0, y.c1]`: the generator of G2, and the secret times it. */
  g2: readonly bigint[]
  secretG2: readonly bigint[]
}

export const pointBytes = 64
export const g2Bytes = 128

/** Size of an SRS file of 2^k points. */
export function srsBytes(logRows: number): number {
  return 4 + 2 * pointBytes * 2 ** logRows + 2 * g2Bytes
}

/**
 * The bytes of an SRS file: `u32le k | powers | lagrange | g2 | secretG2`,
 * coordinates in Montgomery form, little-endian.
 */
export function encodeSrs(srs: Srs): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(srsBytes(srs.logRows))
  new DataView(bytes.buffer).setUint32(0, srs.logRows, true)
  let at = 4
  const write = (coordinate: bigint) => {
    let left = (coordinate << 256n) % baseOrder
    for (let i = 0; i < 32; i++, left >>= 8n) bytes[at++] = Number(left & 255n)
  }
  for (const point of [...srs.powers, ...srs.lagrange]) {
    if (point === undefined) throw new Error('a point of an SRS is infinite')
    write(point[0])
    write(point[1])
  }
  for (const coordinate of [...srs.g2, ...srs.secretG2]) write(coordinate)
  return bytes
}
