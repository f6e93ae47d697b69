import { u } from '../arithmetic.js'
import { endsAround } from '../ends.js'
import { countOf, type KernelOf } from '../kernel.js'

/** Softmax over one axis; its bound is one of relative errors. */
export const softmax: KernelOf = ({ node, output }) => {
  const axis = node.attributes[0]!
  const count = output.dims[axis]!
  const stride = countOf(output.dims.slice(axis + 1))
  const rows = countOf(output.dims) / count
  const first = (row: number) =>
    Math.floor(row / stride) * stride * count + (row % stride)
  return {
    forward([x], arithmetic) {
      const data = new Float64Array(x!.data.length)
      const room = new Float64Array(data.length)
      for (let row = 0; row < rows; row++) {
        const at = (k: number) => first(row) + k * stride
        let top = -Infinity
        for (let k = 0; k < count; k++) top = Math.max(top, x!.data[at(k)]!)
        let [sum, mixed] = [0, 0]
        for (let k = 0; k < count; k++) {
          const distance = top - x!.data[at(k)]!
          const e = Math.exp(-distance)
          data[at(k)] = e
          sum += e
          if (e > 0) mixed += e * distance
        }
        for (let k = 0; k < count; k++) {
          data[at(k)]! /= sum
          if (arithmetic === undefined || data[at(k)] === 0) continue
          const units =
            2 * (top - x!.data[at(k)]!) + (2 * mixed) / sum + count + 24
          room[at(k)] = data[at(k)]! * u * units * (257 / 256) + 2 ** -126
        }
      }
      return arithmetic === undefined ? { data } : endsAround(data, room)
    },
    pull(_, output, given) {
      const own = new Float64Array(given.length)
      for (let row = 0; row < rows; row++) {
        const at = (k: number) => first(row) + k * stride
        let mixed = 0
        for (let k = 0; k < count; k++)
          mixed += given[at(k)]! * output.data[at(k)]!
        for (let k = 0; k < count; k++)
          own[at(k)] = output.data[at(k)]! * (given[at(k)]! - mixed)
      }
      return [own]
    },
  }
}
