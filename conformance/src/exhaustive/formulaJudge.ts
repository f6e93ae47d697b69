import { exactResults, type InputJudge, tiny } from './inputJudge.js'
import type { Reference } from './references.js'

/**
 * Judges by the allowances of profile 1 as docs/operators.md has them, in float64:
 * fast enough for all 2^32 inputs.
 */
export function formulaJudge({ value, allowance }: Reference): InputJudge {
  return (x, own) => {
    // C2: an operand that is not finite, and what may leave float32.
    if (!Number.isFinite(x)) return undefined
    const wanted = value(x)
    if (!(Math.abs(wanted) < 2 ** 127)) return undefined
    const exact = exactResults(value, x)
    if (exact === undefined) return undefined
    const room = allowance(x, wanted)
    if (room === 0) {
      // C1: both zeros are one; C0: a subnormal may be flushed.
      const right = Math.fround(wanted)
      const flushed = Math.abs(x) < tiny || Math.abs(right) < tiny
      return own === right || (flushed && own === 0) ? 0 : 'wrong'
    }
    // C0: a result that may be subnormal may be flushed.
    if (own === 0 && Math.abs(wanted) <= tiny) return 0
    const nearest = Math.min(Math.max(own, exact[0]), exact[1])
    const share = Math.abs(own - nearest) / room
    return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share
  }
}
