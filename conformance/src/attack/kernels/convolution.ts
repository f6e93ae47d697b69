import { gammaOf } from '../arithmetic.js'
import { endsAround } from '../ends.js'
import { countOf, type KernelOf, type Value } from '../kernel.js'
import { addRuns } from './addRuns.js'
import { magnitudes, mapped } from './mapped.js'
import {
  cellsRead,
  type WindowRuns,
  windowRuns,
  windowShape,
} from './window.js'

/** Conv and ConvTranspose of one picture, over two spatial axes. */
export const convolution: KernelOf = ({ node, inputs, output, moving }) => {
  const [input, weights] = [inputs[0]!.dims, inputs[1]!.dims]
  if (input[0] !== 1) throw new Error('the attack convolves one picture')
  const transposed = node.operator === 'ConvTranspose'
  // A transposed convolution is one from its output to its input, turned round.
  const [many, few] = transposed ? [output.dims, input] : [input, output.dims]
  const layer = layerOf(
    node.attributes[0]!,
    weights,
    windowRuns(windowShape(node.attributes.slice(1), many, few)),
    planeOf(many),
    planeOf(few),
  )
  const toOutput = transposed ? layer.toMany : layer.toFew
  const toInput = transposed ? layer.toFew : layer.toMany
  const plane = planeOf(output.dims)
  const start = (bias: Value | undefined): Float64Array => {
    const data = new Float64Array(countOf(output.dims))
    if (bias !== undefined)
      for (let o = 0; o < data.length; o++)
        data[o] = bias.data[Math.floor(o / plane)]!
    return data
  }
  const terms = transposed ? layer.termsOfMany() : layer.termsOfFew()

  return {
    forward([x, w, bias], arithmetic) {
      const data = start(bias)
      toOutput(data, x!.data, w!.data)
      if (arithmetic === undefined) return { data }
      const sizes = magnitudes(start(bias))
      toOutput(sizes, magnitudes(x!.data), magnitudes(w!.data))
      const more = bias === undefined ? 0 : 1
      const gammas = mapped(terms, (own) => gammaOf(arithmetic, own + more))
      return endsAround(
        data,
        mapped(sizes, (size, o) => gammas[o % plane]! * size),
      )
    },
    pull([x, w], _, given) {
      if (!moving[0]) return []
      const own = new Float64Array(x!.data.length)
      toInput(own, given, w!.data)
      return [own]
    },
  }
}

type Sum = (
  into: Float64Array,
  x: ArrayLike<number>,
  w: ArrayLike<number>,
) => void

/**
 * The products of a convolution, added up where it puts them (the few) or where
 * its transpose does (the many).
 */
function layerOf(
  groups: number,
  weights: readonly number[],
  windows: WindowRuns,
  manyPlane: number,
  fewPlane: number,
): {
  toFew: Sum
  toMany: Sum
  /** Products that each place of a plane gets. */
  termsOfFew(): Float64Array
  termsOfMany(): Float64Array
} {
  const { runs, step, cells } = windows
  const [filters, depth] = [weights[0]!, weights[1]!]
  const perGroup = filters / groups
  const toFew: Sum = (into, x, w) => {
    for (let f = 0; f < filters; f++) {
      const channel = Math.floor(f / perGroup) * depth
      for (let r = 0; r < runs.length; r += 4)
        addRuns(
          into,
          f * fewPlane + runs[r + 1]!,
          x,
          channel * manyPlane + runs[r + 2]!,
          w,
          f * depth * cells + runs[r]!,
          {
            runs: depth,
            between: manyPlane,
            factors: cells,
            count: runs[r + 3]!,
            step,
            intoStep: 1,
          },
        )
    }
  }
  const toMany: Sum = (into, x, w) => {
    for (let group = 0; group < groups; group++)
      for (let c = 0; c < depth; c++)
        for (let r = 0; r < runs.length; r += 4)
          addRuns(
            into,
            (group * depth + c) * manyPlane + runs[r + 2]!,
            x,
            group * perGroup * fewPlane + runs[r + 1]!,
            w,
            (group * perGroup * depth + c) * cells + runs[r]!,
            {
              runs: perGroup,
              between: fewPlane,
              factors: depth * cells,
              count: runs[r + 3]!,
              step: 1,
              intoStep: step,
            },
          )
  }
  return {
    toFew,
    toMany,
    termsOfFew: () =>
      mapped(cellsRead(windows, fewPlane), (read) => read * depth),
    termsOfMany() {
      const terms = new Float64Array(manyPlane)
      for (let r = 0; r < runs.length; r += 4)
        for (let n = 0; n < runs[r + 3]!; n++)
          terms[runs[r + 2]! + n * step]! += perGroup
      return terms
    },
  }
}

function planeOf(dims: readonly number[]): number {
  return dims[2]! * dims[3]!
}
