import { floatKey, type Interval } from '@lynode/sdk'
import { bitsOfKey } from './pushes.js'

/** The number of a float32 bit pattern. */
function numberOf(bits: bigint): number {
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
