/** The float32 with these bits, as attributes of a manifest have it. */
export function floatOfWord(word: number): number {
  return new Float32Array(Int32Array.of(word).buffer)[0]!
}
