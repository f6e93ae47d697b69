type Numbers = ArrayLike<number>

/** Runs of numbers that are each added to the same place, times a factor. */
export type Runs = {
  /** How many, and the distance of their begins in `x` and of their factors in `w`. */
  runs: number
  between: number
  factors: number
  /** Elements of each, and their distance in `x` and in the result. */
  count: number
  step: number
  intoStep: number
}

/**
 * `into[o + n intoStep] += sum of w[k + r factors] x[i + r between + n step]` over
 * the runs r, four of them at a time: most of the time of an attack goes here, and
 * a result that is read and written once for four products takes half of it.
 */
export function addRuns(
  into: Float64Array,
  o: number,
  x: Numbers,
  i: number,
  w: Numbers,
  k: number,
  { runs, between, factors, count, step, intoStep }: Runs,
): void {
  let r = 0
  for (; r + 4 <= runs; r += 4) {
    const [a, b] = [w[k + r * factors]!, w[k + (r + 1) * factors]!]
    const [c, d] = [w[k + (r + 2) * factors]!, w[k + (r + 3) * factors]!]
    let first = i + r * between
    let second = first + between
    let third = second + between
    let fourth = third + between
    for (let n = 0, at = o; n < count; n++, at += intoStep) {
      into[at]! +=
        a * x[first]! + b * x[second]! + c * x[third]! + d * x[fourth]!
      first += step
      second += step
      third += step
      fourth += step
    }
  }
  for (; r < runs; r++) {
    const factor = w[k + r * factors]!
    let place = i + r * between
    for (let n = 0, at = o; n < count; n++, at += intoStep) {
      into[at]! += factor * x[place]!
      place += step
    }
  }
}
