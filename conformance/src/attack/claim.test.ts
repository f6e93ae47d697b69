import { expect, test } from 'vitest'
import { randomOf } from '../random.js'
import { claim } from './claim.js'
import { below } from './float32.js'

const random = randomOf(2)
const numbers = Array.from(
  { length: 400 },
  () => (random() / 2 ** 31 - 1) * 2 ** ((random() % 60) - 30),
)

test('default: the greatest float32 that is at most a number', () => {
  for (const value of [...numbers, 0, 1, -1, 2 ** -149, -(2 ** -149)]) {
    const found = below(value)
    expect(found).toBe(Math.fround(found))
    expect(found).toBeLessThanOrEqual(value)
    // A float32 more would be above it.
    const step = Math.max(2 ** -149, Math.abs(found) * 2 ** -23)
    expect(Math.fround(found + step)).toBeGreaterThan(value)
  }
})

test('behavior: claims go the way that helps, and stay inside', () => {
  const data = Float64Array.from(numbers)
  const room = data.map((value, i) => Math.abs(value) * 2 ** -(10 + (i % 12)))
  const low = data.map((value, i) => value - room[i]!)
  const high = data.map((value, i) => value + room[i]!)
  const directions = data.map((_, i) => (i % 3) - 1)
  for (const share of [1, 0.1, 0.01]) {
    const claimed = claim({ data, low, high }, directions, share)
    for (let i = 0; i < data.length; i++) {
      const moved = claimed[i]! - Math.fround(data[i]!)
      expect(moved * directions[i]!).toBeGreaterThanOrEqual(0)
      expect(claimed[i]).toBeGreaterThanOrEqual(low[i]!)
      expect(claimed[i]).toBeLessThanOrEqual(high[i]!)
      if (directions[i] === 0) expect(moved).toBe(0)
    }
    expect(claimed).not.toEqual(Float32Array.from(data))
  }
})

test('behavior: an exact result stays what it is', () => {
  const data = Float64Array.of(1, 2, 3)
  expect(claim({ data }, Float64Array.of(1, -1, 1), 1)).toEqual(
    Float32Array.from(data),
  )
})
