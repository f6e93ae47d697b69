/** Remembered callers; beyond it all are forgotten, which only helps them. */
const maxCallers = 10_000

/**
 * Token buckets, one a caller: `burst` calls at once, `perSecond` in the long
 * run. A call may cost more than one token; one that costs more than a full
 * bucket empties it, and the debt is paid before the next.
 *
 * @returns Whether this call of `caller` may go on.
 */
export function rateLimit(options: {
  burst: number
  perSecond: number
  /** Milliseconds. */
  clock?: (() => number) | undefined
}): (caller: string, cost?: number) => boolean {
  const { burst, perSecond, clock = Date.now } = options
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (caller, cost = 1) => {
    const now = clock()
    if (buckets.size >= maxCallers) buckets.clear()
    const bucket = buckets.get(caller) ?? { tokens: burst, at: now }
    const gained = ((now - bucket.at) / 1_000) * perSecond
    const tokens = Math.min(burst, bucket.tokens + gained)
    const allowed = tokens >= Math.min(cost, burst)
    buckets.set(caller, { tokens: allowed ? tokens - cost : tokens, at: now })
    return allowed
  }
}
