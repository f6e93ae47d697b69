/** Numbers in [0, 1) that a seed decides: sfc32, after Chris Doty-Humphrey's PractRand. */
export function randomOf(seed: number): () => number {
  let [a, b, c, counter] = [0x9e3779b9, seed | 0, ~seed, 1]
  const next = () => {
    const word = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + word) | 0
    return (word >>> 0) / 2 ** 32
  }
  // The first words still show the seed.
  for (let i = 0; i < 16; i++) next()
  return next
}
