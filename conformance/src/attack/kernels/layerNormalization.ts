import { type Arithmetic, arithmetics } from '@lynode/sdk'
import { gammaOf, u } from '../arithmetic.js'
import { guard } from '../ends.js'
import { countOf, type KernelOf } from '../kernel.js'
import { broadcastIndex } from './broadcast.js'
import { floatOfWord } from './floatOfWord.js'

/** LayerNormalization (docs/operators.md): in two passes, in WGSL in one. */
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
      // Roundings of WGSL are twice as far.
      const factor = arithmetic === arithmetics.wgsl ? 2 : 1
      const low = new Float64Array(data.length)
      const high = new Float64Array(data.length)
      for (let row = 0; row < rows; row++) {
        const own = x!.data.subarray(row * n, (row + 1) * n)
        const moments = momentsOf(own)
        const { mean, variance } = moments
        const deviation = Math.sqrt(variance + epsilon)
        const [least, most] = deviationsOf(moments, n, epsilon, arithmetic)
        const e = meanError(moments, n, arithmetic)
        for (let k = 0; k < n; k++) {
          const i = row * n + k
          const times = scale!.data[ofScale ? ofScale[k]! : k]!
          const addend = bias ? bias.data[ofBias ? ofBias[k]! : k]! : 0
          const distance = own[k]! - mean
          data[i] = (distance / deviation) * times + addend
          if (arithmetic === undefined) continue
          const reach = { distance, e, least, most, times, addend, factor }
          const ends = endsOf(reach)
          low[i] = data[i]! + guard * (ends[0] - data[i]!)
          high[i] = data[i]! + guard * (ends[1] - data[i]!)
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

/** The ends of one result: its distance over the deviation, scaled and shifted. */
function endsOf(reach: {
  /** From the mean, and how far that may be off. */
  distance: number
  e: number
  /** Deviations that a machine may have. */
  least: number
  most: number
  /** Elements of scale and bias. */
  times: number
  addend: number
  /** Of a rounding, 1 or 2. */
  factor: number
}): [number, number] {
  const { distance, e, least, most, times, addend, factor } = reach
  const [a, b] = [distance - e, distance + e]
  const from = a / (a < 0 ? least : most)
  const to = b / (b < 0 ? most : least)
  const slack = 16 * factor * u * Math.max(Math.abs(from), Math.abs(to))
  const [p, q] = [times * (from - slack), times * (to + slack)]
  const size = Math.max(Math.abs(p), Math.abs(q)) + Math.abs(addend)
  const last = 2 * factor * u * size
  return [Math.min(p, q) + addend - last, Math.max(p, q) + addend + last]
}

type Moments = {
  mean: number
  variance: number
  /** Means of the magnitudes and of the squares. */
  size: number
  square: number
}

/** How far the computed mean may be off. */
function meanError(
  { size }: Moments,
  n: number,
  arithmetic: Arithmetic | undefined,
): number {
  return arithmetic === undefined ? 0 : gammaOf(arithmetic, n, 2) * size
}

/** The least and the greatest deviation that a machine may have. */
function deviationsOf(
  moments: Moments,
  n: number,
  epsilon: number,
  arithmetic: Arithmetic | undefined,
): [number, number] {
  const { mean, variance, square } = moments
  const g = arithmetic === undefined ? 0 : gammaOf(arithmetic, n, 8)
  const e = meanError(moments, n, arithmetic)
  // Shaders subtract the square of the mean from the mean of squares.
  const onePass = 2 * (Math.abs(mean) + e) * e + g * square
  const [low, high] =
    arithmetic === arithmetics.wgsl
      ? [variance - onePass, variance + onePass]
      : [variance * (1 - g), (variance + e * e) * (1 + g)]
  if (low + epsilon < 2 ** -125)
    throw new Error('a row of which anything is accepted')
  return [Math.sqrt(low + epsilon), Math.sqrt(high + epsilon)]
}

/** Of a row. */
function momentsOf(row: Float32Array): Moments {
  let [sum, size, squares] = [0, 0, 0]
  for (const value of row) {
    sum += value
    size += Math.abs(value)
    squares += value * value
  }
  const mean = sum / row.length
  let distances = 0
  for (const value of row) distances += (value - mean) ** 2
  return {
    mean,
    variance: distances / row.length,
    size: size / row.length,
    square: squares / row.length,
  }
}
