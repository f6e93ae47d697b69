import { type Arithmetic, floatKey } from '@lynode/sdk'
import { exactResults, type InputJudge, tiny } from './inputJudge.js'
import type { Reference } from './references.js'
import { numberOfKey, twinOf } from './twinOf.js'

/** Keys of a set that one rounding, to either side, leaves. */
const rounded = 2n

const scratch = new DataView(new ArrayBuffer(4))

/** Judges by the twin of the on-chain checker itself: some 20,000 inputs a second. */
export function twinJudge(
  reference: Reference,
  arithmetic: Arithmetic,
): InputJudge {
  const accepted = twinOf(reference, arithmetic)
  return (x, own) => {
    const { kind, low, high } = accepted(x)
    if (kind !== 'float') return undefined
    scratch.setFloat32(0, own)
    const key = floatKey(BigInt(scratch.getUint32(0)))
    const inside = !Number.isNaN(own) && low <= key && key <= high
    const exact = exactResults(reference.value, x)
    if (high - low <= rounded || exact === undefined)
      return inside ? 0 : 'wrong'
    const nearest = Math.min(Math.max(own, exact[0]), exact[1])
    if (own === nearest) return inside ? 0 : 'wrong'
    // C0: what lies between a subnormal and 0 takes nothing.
    if (inside && Math.abs(own) <= tiny && Math.abs(nearest) <= tiny) return 0
    const end = numberOfKey(own < nearest ? low : high)
    const share = Math.abs(own - nearest) / Math.abs(end - nearest)
    if (inside) return Math.min(share, 1)
    return Number.isNaN(share) ? Number.POSITIVE_INFINITY : Math.max(share, 1)
  }
}
