import { above, below } from './float32.js'
import type { Result } from './kernel.js'

/**
 * The float32 numbers that a provider claims: each result moved, in the direction
 * that helps it, by a share of the way to the end of what the bound accepts.
 *
 * @param directions Gradient of what it wants more of; only signs count.
 * @param share Share of the room, 0 to 1.
 */
export function claim(
  { data, low, high }: Result,
  directions: ArrayLike<number> | undefined,
  share: number,
): Float32Array {
  const claimed = Float32Array.from(data)
  if (low === undefined || high === undefined || directions === undefined)
    return claimed
  for (let i = 0; i < claimed.length; i++) {
    const direction = directions[i]!
    const honest = data[i]!
    const towards = (end: number) =>
      share === 1 ? end : honest + share * (end - honest)
    if (direction > 0) {
      claimed[i] = Math.max(claimed[i]!, below(towards(high[i]!)))
    } else if (direction < 0) {
      claimed[i] = Math.min(claimed[i]!, above(towards(low[i]!)))
    }
  }
  return claimed
}
