/** A time of the chain, in seconds, as people read it. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}
