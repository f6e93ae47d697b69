import { type Arithmetic, arithmetics } from '@lynode/sdk'
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
          const distance = top - x!.data[at(k)]!
          room[at(k)] =
            data[at(k)]! *
            u *
            unitsOf(arithmetic, distance + mixed / sum, count)
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

/** Relative room in units of u, of the distances below the maximum. */
function unitsOf(
  arithmetic: Arithmetic,
  distances: number,
  count: number,
): number {
  return arithmetic === arithmetics.wgsl
    ? (6 * distances + 2 * count + 24) * (65 / 64)
    : (2 * distances + count + 24) * (257 / 256)
}
