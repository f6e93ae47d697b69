const float = new Float32Array(1)
const word = new Int32Array(float.buffer)

/** The greatest float32 that is at most this number. */
export function below(value: number): number {
  float[0] = value
  if (float[0]! <= value) return float[0]!
  if (float[0] === 0) return -(2 ** -149)
  // Bits of a float32 are ordered by magnitude.
  word[0]! += float[0]! > 0 ? -1 : 1
  return float[0]!
}

/** The least float32 that is at least this number. */
export function above(value: number): number {
  return -below(-value)
}
