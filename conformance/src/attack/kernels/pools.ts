import { gammaOf } from '../arithmetic.js'
import { endsAround } from '../ends.js'
import { countOf, type KernelOf } from '../kernel.js'
import { mapped } from './mapped.js'
import { cellsRead, windowRuns, windowShape } from './window.js'

/** GlobalAveragePool: the sum of a plane over its size. */
export const globalAveragePool: KernelOf = ({ inputs, output }) => {
  const size = countOf(inputs[0]!.dims.slice(2))
  const count = countOf(output.dims)
  return {
    forward([x], arithmetic) {
      const data = new Float64Array(count)
      const sizes = new Float64Array(count)
      for (let o = 0; o < count; o++)
        for (let i = o * size; i < (o + 1) * size; i++) {
          data[o]! += x!.data[i]! / size
          sizes[o]! += Math.abs(x!.data[i]!) / size
        }
      if (arithmetic === undefined) return { data }
      const gamma = gammaOf(arithmetic, size, 2)
      return endsAround(
        data,
        sizes.map((own) => gamma * own),
      )
    },
    pull: ([x], _, given) => [
      mapped(x!.data, (_, i) => given[Math.floor(i / size)]! / size),
    ],
  }
}

/** AveragePool over two spatial axes. */
export const averagePool: KernelOf = ({ node, inputs, output }) => {
  const dims = inputs[0]!.dims
  const windows = windowRuns(
    windowShape(node.attributes.slice(1), dims, output.dims),
  )
  const { runs, step, cells } = windows
  const plane = output.dims[2]! * output.dims[3]!
  const read = cellsRead(windows, plane)
  if (node.attributes[0] !== 0 && read.some((own) => own !== cells))
    throw new Error('the attack knows no average that counts padding')
  const count = countOf(output.dims)
  const visit = (each: (o: number, i: number) => void): void => {
    for (let c = 0; c < count / plane; c++)
      for (let r = 0; r < runs.length; r += 4)
        for (let n = 0; n < runs[r + 3]!; n++)
          each(
            c * plane + runs[r + 1]! + n,
            c * dims[2]! * dims[3]! + runs[r + 2]! + n * step,
          )
  }
  return {
    forward([x], arithmetic) {
      const data = new Float64Array(count)
      const room = new Float64Array(count)
      visit((o, i) => {
        const term = x!.data[i]! / read[o % plane]!
        data[o]! += term
        room[o]! += Math.abs(term)
      })
      if (arithmetic === undefined) return { data }
      for (let o = 0; o < count; o++)
        room[o]! *= gammaOf(arithmetic, read[o % plane]!, 2)
      return endsAround(data, room)
    },
    pull([x], _, given) {
      const own = new Float64Array(x!.data.length)
      visit((o, i) => {
        own[i]! += given[o]! / read[o % plane]!
      })
      return [own]
    },
  }
}

/** MaxPool over two spatial axes: exact. */
export const maxPool: KernelOf = ({ node, inputs, output }) => {
  const dims = inputs[0]!.dims
  const { runs, step } = windowRuns(
    windowShape(node.attributes, dims, output.dims),
  )
  const plane = output.dims[2]! * output.dims[3]!
  const count = countOf(output.dims)
  /** Index of the greatest element of each window. */
  const best = (x: Float32Array): Int32Array => {
    const found = new Int32Array(count).fill(-1)
    for (let c = 0; c < count / plane; c++)
      for (let r = 0; r < runs.length; r += 4)
        for (let n = 0; n < runs[r + 3]!; n++) {
          const o = c * plane + runs[r + 1]! + n
          const i = c * dims[2]! * dims[3]! + runs[r + 2]! + n * step
          if (found[o]! < 0 || x[i]! > x[found[o]!]!) found[o] = i
        }
    return found
  }
  return {
    forward: ([x]) => ({
      data: mapped(best(x!.data), (i) => x!.data[i]!),
    }),
    pull([x], _, given) {
      const own = new Float64Array(x!.data.length)
      best(x!.data).forEach((i, o) => {
        own[i]! += given[o]!
      })
      return [own]
    },
  }
}
