/**
 * A function of each number. `Float64Array.from` takes ten times as long.
 */
export function mapped(
  x: ArrayLike<number>,
  of: (value: number, index: number) => number,
): Float64Array {
  const result = new Float64Array(x.length)
  for (let i = 0; i < result.length; i++) result[i] = of(x[i]!, i)
  return result
}

/** Numbers by their place. */
export function filled(
  length: number,
  of: (index: number) => number,
): Float64Array {
  const result = new Float64Array(length)
  for (let i = 0; i < length; i++) result[i] = of(i)
  return result
}

/** Magnitudes. */
export function magnitudes(x: ArrayLike<number>): Float64Array {
  return mapped(x, Math.abs)
}
