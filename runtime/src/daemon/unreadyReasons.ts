/** A chain that was silent, or stood still, for longer makes a daemon unready. */
const staleSeconds = 30

/** What a daemon knows of its chain; unix times of this machine. */
export type ChainPulse = {
  /** Last good turn of the chain loop; 0 before the first. */
  read: number
  /** When the newest block came. */
  moved: number
}

/** What keeps a daemon from taking work; none when it is ready. */
export function unreadyReasons(
  { read, moved }: ChainPulse,
  draining: boolean,
  now: number = Date.now() / 1_000,
): string[] {
  const reasons: string[] = []
  if (read === 0) reasons.push('no block was read yet')
  else if (now - read > staleSeconds)
    reasons.push(`the chain was last read ${Math.round(now - read)} s ago`)
  // An endpoint may answer, and know nothing new.
  else if (now - moved > staleSeconds)
    reasons.push(
      `the endpoint has had no new block for ${Math.round(now - moved)} s`,
    )
  if (draining) reasons.push('it drains')
  return reasons
}
