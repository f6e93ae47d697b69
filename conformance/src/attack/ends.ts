import { above, below } from './float32.js'
import type { Result } from './kernel.js'
import { mapped } from './kernels/mapped.js'

/** Keeps ends inside that are off by float64's own rounding. */
export const guard = 1 - 2 ** -20

/** A result and the same room on either side of each element. */
export function endsAround(data: Float64Array, room: Float64Array): Result {
  return {
    data,
    low: mapped(data, (value, i) => value - guard * room[i]!),
    high: mapped(data, (value, i) => value + guard * room[i]!),
  }
}

/** Room that is a share of each result's magnitude, and one for all. */
export function relativeEnds(
  data: Float64Array,
  relative: number,
  absolute = 0,
): Result {
  return endsAround(
    data,
    mapped(data, (value) => relative * Math.abs(value) + absolute),
  )
}

/** The float32 numbers on either side of each result; itself where it is one. */
export function neighbours(data: Float64Array): Result {
  return {
    data,
    low: mapped(data, below),
    high: mapped(data, above),
  }
}
