/** A segment of a job: its first step, and how many it has. */
export type SegmentRange = { index: number; first: number; length: number }

/**
 * The segment of a step (B8): the last one of a job may be shorter.
 *
 * @example
 * segmentOf(9, 4, 10) // { index: 2, first: 8, length: 2 }
 */
export function segmentOf(
  step: number,
  segment: number,
  steps: number,
): SegmentRange {
  const index = Math.floor(step / segment)
  const first = index * segment
  return { index, first, length: Math.min(segment, steps - first) }
}

/**
 * Whether a step is the last one of its segment, whose state is committed.
 *
 * @example
 * endsSegment(3, 4, 10) // true
 */
export function endsSegment(
  step: number,
  segment: number,
  steps: number,
): boolean {
  const { first, length } = segmentOf(step, segment, steps)
  return step + 1 === first + length
}
