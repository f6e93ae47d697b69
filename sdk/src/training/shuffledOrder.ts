import { unfitOptions } from './trainingErrors.js'

/**
 * Rows of a training order: each epoch a permutation of all samples, from a
 * seed; a batch may reach from one epoch into the next. Anyone makes the same.
 *
 * @param first Row to begin with, counted from the start of the training.
 * @returns Row-major int32 `[rows, batch]`.
 * @example
 * const order = shuffledOrder({ samples: 8_000, batch: 64, first: 0, rows: 500, seed: 1 })
 */
export function shuffledOrder(options: {
  samples: number
  batch: number
  first: number
  rows: number
  seed: number
}): Int32Array {
  const { samples, batch, first, rows, seed } = options
  if (!Number.isSafeInteger(samples) || samples < 1 || batch < 1)
    throw unfitOptions(`batches of ${batch} out of ${samples} samples`)
  const order = new Int32Array(rows * batch)
  let epoch = -1
  let permutation: Int32Array = new Int32Array(0)
  for (let i = 0; i < order.length; i++) {
    const place = first * batch + i
    const wanted = Math.floor(place / samples)
    if (wanted !== epoch) {
      epoch = wanted
      permutation = permuted(samples, generator(seed, epoch))
    }
    order[i] = permutation[place % samples] ?? 0
  }
  return order
}

/** Fisher and Yates. */
function permuted(count: number, next: () => number): Int32Array<ArrayBuffer> {
  const list = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = next() % (i + 1)
    const kept = list[i] ?? 0
    list[i] = list[j] ?? 0
    list[j] = kept
  }
  return list
}

/** Marsaglia's 32-bit xorshift, mixed once so that near seeds part. */
function generator(seed: number, epoch: number): () => number {
  let state =
    (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^
      Math.imul(epoch + 1, 0xc2b2ae35)) >>>
    0
  if (state === 0) state = 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}
