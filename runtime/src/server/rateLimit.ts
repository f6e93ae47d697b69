/** Remembered callers; beyond it all are forgotten, which only helps them. */
const maxCallers = 10_000

/**
 * Token buckets, one a caller: `burst` calls at once, `perSecond` in the long
 * run.
 *
 * @returns Whether this call of `caller` may go on.
 */
export function rateLimit(options: {
  burst: number
  perSecond: number
  /** Milliseconds. */
  clock?: (() => number) | undefined
}): (caller: string) => boolean {
  const { burst, perSecond, clock = Date.now } = options
  const buckets = new Map<string, { tokens: number; at: number }>()
  return (caller) => {
    const now = clock()
    if (buckets.size >= maxCallers) buckets.clear()
    const bucket = buckets.get(caller) ?? { tokens: burst, at: now }
    const gained = ((now - bucket.at) / 1_000) * perSecond
    const tokens = Math.min(burst, bucket.tokens + gained)
    const allowed = tokens >= 1
    buckets.set(caller, { tokens: allowed ? tokens - 1 : tokens, at: now })
    return allowed
  }
}
