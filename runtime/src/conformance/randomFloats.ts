/** Numbers between -1 and 1, the same on every machine: Marsaglia's xorshift. */
export function randomFloats(seed: number): () => number {
  let state = 0x9e3779b9 ^ seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 31 - 1
  }
}
