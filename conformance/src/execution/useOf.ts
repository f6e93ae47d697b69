import { floatKey, type Interval } from '@lynode/sdk'
import { bitsOfKey } from './pushes.js'

/**
 * How far a float32 claim is from the middle of its interval, in half widths: 1
 * is at an end. `undefined` where there is no room or no number to compare.
 */
export function useOf(
  { kind, low, high }: Interval,
  claimed: bigint,
): number | undefined {
  if (kind !== 'float' || high - low < 2n) return undefined
  const [from, to, value] = [
    numberOf(bitsOfKey(low)),
    numberOf(bitsOfKey(high)),
    numberOf(claimed),
  ]
  const half = (to - from) / 2
  const use = Math.abs(value - from - half) / half
  return half > 0 && Number.isFinite(use) ? use : undefined
}

/** The number of a float32 bit pattern. */
export function numberOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, Number(bits))
  return view.getFloat32(0)
}

/** A float32 claim and its interval, for messages. */
export function shown(interval: Interval, claimed: bigint): string {
  if (interval.kind !== 'float')
    return `${claimed} in ${interval.kind} [${interval.low}, ${interval.high}]`
  const [low, high] = [interval.low, interval.high].map((key) =>
    numberOf(bitsOfKey(key)),
  )
  const off = floatKey(claimed)
  const steps =
    off < interval.low
      ? `, ${interval.low - off} steps below`
      : off > interval.high
        ? `, ${off - interval.high} steps above`
        : ''
  return `${numberOf(claimed)} in [${low}, ${high}]${steps}`
}
