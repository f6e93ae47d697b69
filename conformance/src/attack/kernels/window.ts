// The windows of convolutions and pools over two spatial axes.

/** Attributes of docs/protocol.md section 8 from `kernel` on, and both sides. */
export type WindowShape = {
  kernel: readonly [number, number]
  strides: readonly [number, number]
  dilations: readonly [number, number]
  begins: readonly [number, number]
  /** Height and width of what is read, and of what is written. */
  input: readonly [number, number]
  output: readonly [number, number]
}

/**
 * A window as runs of outputs that one cell of the kernel reaches: cell, first
 * output, first input, number of outputs, four numbers a run. Inputs of a run are
 * `step` apart.
 */
export type WindowRuns = { runs: Int32Array; step: number; cells: number }

/** Reads `kernel, strides, dilations, begins` of two spatial axes. */
export function windowShape(
  words: readonly number[],
  input: readonly number[],
  output: readonly number[],
): WindowShape {
  if (input.length !== 4 || output.length !== 4)
    throw new Error('the attack knows windows over two axes only')
  const pair = (at: number) => [words[at]!, words[at + 1]!] as const
  return {
    kernel: pair(0),
    strides: pair(2),
    dilations: pair(4),
    begins: pair(6),
    input: [input[2]!, input[3]!],
    output: [output[2]!, output[3]!],
  }
}

/** All runs of a window: cells beyond the input are in none. */
export function windowRuns(shape: WindowShape): WindowRuns {
  const { kernel, strides, dilations, begins, input, output } = shape
  const cells = kernel[0] * kernel[1]
  const pointwise =
    cells === 1 &&
    strides.every((stride) => stride === 1) &&
    begins.every((begin) => begin === 0)
  // A whole plane is one run.
  if (pointwise)
    return {
      runs: Int32Array.of(0, 0, 0, output[0] * output[1]),
      step: 1,
      cells,
    }
  const runs: number[] = []
  for (let i = 0; i < kernel[0]; i++)
    for (let j = 0; j < kernel[1]; j++) {
      const left = j * dilations[1] - begins[1]
      const first = Math.max(0, Math.ceil(-left / strides[1]))
      const end = Math.min(
        output[1],
        Math.floor((input[1] - 1 - left) / strides[1]) + 1,
      )
      if (end <= first) continue
      for (let r = 0; r < output[0]; r++) {
        const y = r * strides[0] + i * dilations[0] - begins[0]
        if (y < 0 || y >= input[0]) continue
        const o = r * output[1] + first
        const x = y * input[1] + first * strides[1] + left
        runs.push(i * kernel[1] + j, o, x, end - first)
      }
    }
  return { runs: Int32Array.from(runs), step: strides[1], cells }
}

/** How many cells of its window each output of a plane reads. */
export function cellsRead({ runs }: WindowRuns, plane: number): Uint32Array {
  const read = new Uint32Array(plane)
  for (let r = 0; r < runs.length; r += 4)
    for (let n = 0; n < runs[r + 3]!; n++) read[runs[r + 1]! + n]!++
  return read
}
