import { countOf } from '../kernel.js'

/**
 * Index in an operand of each element of what it is broadcast to; `undefined`
 * where they are the same.
 */
export function broadcastIndex(
  dims: readonly number[],
  output: readonly number[],
): Int32Array | undefined {
  const own = [
    ...new Array<number>(output.length - dims.length).fill(1),
    ...dims,
  ]
  if (own.every((dim, axis) => dim === output[axis])) return undefined
  const strides = own.map((dim, axis) =>
    dim === 1 ? 0 : countOf(own.slice(axis + 1)),
  )
  const index = new Int32Array(countOf(output))
  const at = new Array<number>(output.length).fill(0)
  let place = 0
  for (let o = 0; o < index.length; o++) {
    index[o] = place
    for (let axis = output.length - 1; axis >= 0; axis--) {
      at[axis]!++
      place += strides[axis]!
      if (at[axis]! < output[axis]!) break
      place -= at[axis]! * strides[axis]!
      at[axis] = 0
    }
  }
  return index
}

/** Sums over the outputs that each element of an operand has a part in. */
export function gatherGradient(
  length: number,
  index: Int32Array | undefined,
  given: Float64Array,
  factor: (o: number) => number,
): Float64Array {
  const own = new Float64Array(length)
  for (let o = 0; o < given.length; o++)
    own[index ? index[o]! : o]! += given[o]! * factor(o)
  return own
}
