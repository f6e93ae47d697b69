import { gammaOf, u } from '../arithmetic.js'
import { countOf, type KernelOf } from '../kernel.js'
import { broadcastIndex } from './broadcast.js'
import { floatOfWord } from './floatOfWord.js'

/** LayerNormalization in two passes (docs/operators.md, "LayerNormalization"). */
export const layerNormalization: KernelOf = ({ node, inputs, output }) => {
  const axis = node.attributes[0]!
  const epsilon = floatOfWord(node.attributes[1]!)
  const normal = output.dims.slice(axis)
  const n = countOf(normal)
  const rows = countOf(output.dims) / n
  const ofScale = broadcastIndex(inputs[1]!.dims, normal)
  const ofBias = inputs[2] && broadcastIndex(inputs[2].dims, normal)

  return {
    forward([x, scale, bias], arithmetic) {
      const data = new Float64Array(x!.data.length)
      const low = new Float64Array(data.length)
      const high = new Float64Array(data.length)
      for (let row = 0; row < rows; row++) {
        const own = x!.data.subarray(row * n, (row + 1) * n)
        const { mean, variance, size } = momentsOf(own)
        const deviation = Math.sqrt(variance + epsilon)
        // The mean is off by e at most, and the variance by e^2 more.
        const gamma = (more: number) =>
          arithmetic === undefined ? 0 : gammaOf(arithmetic, n, more)
        const [g, e] = [gamma(8), gamma(2) * size]
        const least = Math.sqrt(variance * (1 - g) + epsilon)
        const most = Math.sqrt((variance + e * e) * (1 + g) + epsilon)
        for (let k = 0; k < n; k++) {
          const i = row * n + k
          const factor = scale!.data[ofScale ? ofScale[k]! : k]!
          const addend = bias ? bias.data[ofBias ? ofBias[k]! : k]! : 0
          const distance = own[k]! - mean
          data[i] = (distance / deviation) * factor + addend
          if (arithmetic === undefined) continue
          const [a, b] = [distance - e, distance + e]
          const from = a / (a < 0 ? least : most)
          const to = b / (b < 0 ? most : least)
          const slack = 16 * u * Math.max(Math.abs(from), Math.abs(to))
          const ends = [factor * (from - slack), factor * (to + slack)] as const
          const widest = Math.max(Math.abs(ends[0]), Math.abs(ends[1]))
          const last = 2 * u * (widest + Math.abs(addend))
          low[i] = Math.min(...ends) + addend - last
          high[i] = Math.max(...ends) + addend + last
        }
      }
      return arithmetic === undefined ? { data } : { data, low, high }
    },
    pull([x, scale], _, given) {
      const own = new Float64Array(given.length)
      for (let row = 0; row < rows; row++) {
        const { mean, variance } = momentsOf(
          x!.data.subarray(row * n, (row + 1) * n),
        )
        const deviation = Math.sqrt(variance + epsilon)
        let [sum, along] = [0, 0]
        const scaled = (k: number) =>
          given[row * n + k]! * scale!.data[ofScale ? ofScale[k]! : k]!
        const normalised = (k: number) =>
          (x!.data[row * n + k]! - mean) / deviation
        for (let k = 0; k < n; k++) {
          sum += scaled(k)
          along += scaled(k) * normalised(k)
        }
        for (let k = 0; k < n; k++)
          own[row * n + k] =
            (scaled(k) - sum / n - (normalised(k) * along) / n) / deviation
      }
      return [own]
    },
  }
}

/** Mean, variance and mean magnitude of a row. */
function momentsOf(row: Float32Array): {
  mean: number
  variance: number
  size: number
} {
  let [sum, size, squares] = [0, 0, 0]
  for (const value of row) {
    sum += value
    size += Math.abs(value)
  }
  const mean = sum / row.length
  for (const value of row) squares += (value - mean) ** 2
  return { mean, variance: squares / row.length, size: size / row.length }
}
