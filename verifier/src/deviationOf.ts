import { dtypes, elementBytes, type TensorType } from '@lynode/sdk'
import { elementReader } from './elementReader.js'

/** Committed bytes of one value. */
export type Ends = {
  /** What the provider committed to. */
  claimed: Uint8Array
  /** What this machine makes of the provider's own operands. */
  own: Uint8Array
  /** The same with the rounding of another machine at every node. */
  rounded: Uint8Array
}

/** One unit in the last place of 1, by type: what is no float has none. */
const ulps = new Map<number, number>([
  [dtypes.float32, 2 ** -23],
  [dtypes.float16, 2 ** -10],
])

/** Below it an honest machine may flush to zero. */
const smallest = 2 ** -126

/**
 * How far a claimed value lies from what its operands give, in units of what
 * rounding does to it: the largest difference to our own over the largest that
 * the rounded run shows, or over a unit in the last place, which any machine may
 * add at the end, or the smallest normal number. 0 where the bits are the same; infinite for a NaN or an infinity
 * that is not ours, and for another integer where rounding moves none.
 */
export function deviationOf(
  { dtype }: TensorType,
  { claimed, own, rounded }: Ends,
): number {
  const size = elementBytes(dtype) ?? 1
  const read = elementReader(dtype)
  const [a, b, c] = [claimed, own, rounded].map(
    ({ buffer, byteOffset, byteLength }) =>
      new DataView(buffer, byteOffset, byteLength),
  ) as [DataView, DataView, DataView]
  const ulp = ulps.get(dtype) ?? 0
  let difference = 0
  let rounding = 0
  for (let at = 0; at < own.length; at += size) {
    const ours = read(b, at)
    const moved = distance(read(c, at), ours)
    // Rounding may tip it over: it says nothing, and must not excuse the others.
    if (moved === Number.POSITIVE_INFINITY) continue
    rounding = Math.max(rounding, moved)
    if (ulp > 0 && Number.isFinite(ours))
      rounding = Math.max(rounding, ulp * Math.abs(ours), smallest)
    difference = Math.max(difference, distance(read(a, at), ours))
  }
  if (difference === 0) return 0
  return difference / rounding
}

function distance(x: number, y: number): number {
  if (Object.is(x, y) || x === y) return 0
  const between = Math.abs(x - y)
  return Number.isNaN(between) ? Number.POSITIVE_INFINITY : between
}
