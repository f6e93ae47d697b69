import type { Range } from './operator.js'

/**
 * The elements of one operand that a reduction reads: a nest of loops over
 * committed indices, outermost first. Twin of `contracts/libraries/Loops.sol`.
 */
export type Loops = {
  /** Committed index of the first element. */
  first: number
  loops: readonly { count: number; stride: number }[]
}

/**
 * The ranges that name the elements of a nest in the order of its loops. Loops
 * of one turn vanish, a loop that continues the one inside it merges with it,
 * and what is then the innermost loop becomes one range a turn of the others.
 */
export function loopRanges(operand: number, nest: Loops): Range[] {
  const merged: { count: number; stride: number }[] = []
  for (const loop of nest.loops) {
    if (loop.count === 1) continue
    const outer = merged.at(-1)
    if (outer !== undefined && outer.stride === loop.count * loop.stride)
      merged[merged.length - 1] = {
        count: outer.count * loop.count,
        stride: loop.stride,
      }
    else merged.push({ ...loop })
  }
  const inner = merged.pop() ?? { count: 1, stride: 1 }
  let firsts = [nest.first]
  for (const { count, stride } of merged)
    firsts = firsts.flatMap((first) =>
      Array.from({ length: count }, (_, i) => first + i * stride),
    )
  return firsts.map((first) => ({ operand, first, ...inner }))
}
