import type { ProbeNode, SumKernel } from './sumKernel.js'
import { int, int64s, ints, ones } from './tensors.js'

/** Filters: results that stand beside each other. */
const filters = 64

/** Pictures of a probe, each convolved by a node of its own. */
const pictures = 16

/**
 * A convolution whose results are a picture of `side` x `side` pixels. The first
 * of them is probed; of a 1x1 kernel all at once, since each has terms of its own.
 */
export function convKernel(
  channels: number,
  kernel: number,
  side: number,
): SumKernel {
  const terms = channels * kernel * kernel
  const common = {
    name: `Conv ${kernel}x${kernel} of ${channels} channels, ${side}x${side} results`,
    byWeight: false,
    terms,
    columns: filters,
  }
  const weights = { ones: ones(filters, channels, kernel, kernel) }
  if (kernel === 1) {
    const pixels = side * side
    return {
      ...common,
      rows: pixels,
      weights: {
        ...weights,
        picture: int64s(1, channels, side, side),
        results: int64s(filters, pixels),
      },
      nodes: [
        ['Transpose', ['rows'], ['turned'], { perm: ints(1, 0) }],
        ['Reshape', ['turned', 'picture'], ['x']],
        ['Conv', ['x', 'ones'], ['sums']],
        ['Reshape', ['sums', 'results'], ['byFilter']],
        ['Transpose', ['byFilter'], ['y'], { perm: ints(1, 0) }],
      ],
    }
  }
  const margin = side - 1
  const names = Array.from({ length: pictures }, (_, i) => `${i}`)
  return {
    ...common,
    rows: pictures,
    weights: {
      ...weights,
      patch: int64s(pictures, channels, kernel, kernel),
      // The patch under the first result; ones lie beyond it.
      pads: int64s(0, 0, 0, 0, 0, 0, margin, margin),
      from: int64s(0, 0),
      to: int64s(1, 1),
      axes: int64s(2, 3),
      results: int64s(pictures, filters),
    },
    nodes: [
      ['Reshape', ['rows', 'patch'], ['patches']],
      ['Pad', ['patches', 'pads', 'one'], ['x']],
      ['Split', ['x'], names.map((i) => `x${i}`), { axis: int(0) }],
      ...names.map((i): ProbeNode => ['Conv', [`x${i}`, 'ones'], [`sums${i}`]]),
      ['Concat', names.map((i) => `sums${i}`), ['sums'], { axis: int(0) }],
      ['Slice', ['sums', 'from', 'to', 'axes'], ['first']],
      ['Reshape', ['first', 'results'], ['y']],
    ],
  }
}
