/** A deterministic source of unsigned 32-bit words. */
export type Random = () => number

/** Deterministic words from a seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (word ^ (word >>> 14)) >>> 0
  }
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[random() % list.length]
  if (found === undefined) throw new RangeError('nothing to pick from')
  return found
}
