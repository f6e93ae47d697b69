import { gammaOf } from '../arithmetic.js'
import { endsAround } from '../ends.js'
import { countOf, type KernelOf } from '../kernel.js'
import { addRuns } from './addRuns.js'
import { broadcastIndex } from './broadcast.js'
import { magnitudes, mapped } from './mapped.js'

/** Bits of 1 in an attribute that is a float32. */
const one = 0x3f800000

/** MatMul, and Gemm with neither factors nor turned operands. */
export const product: KernelOf = ({ node, inputs, output, moving }) => {
  const [a, b] = [inputs[0]!.dims, inputs[1]!.dims]
  if (a.length < 2 || b.length < 2)
    throw new Error('the attack multiplies matrices only')
  if (
    node.operator === 'Gemm' &&
    node.attributes.some((word, i) => word !== (i < 2 ? 0 : one))
  )
    throw new Error('the attack knows no Gemm that turns or scales')
  const rows = a.at(-2)!
  const inner = a.at(-1)!
  const columns = b.at(-1)!
  const batch = output.dims.slice(0, -2)
  const ofA = broadcastIndex(a.slice(0, -2), batch)
  const ofB = broadcastIndex(b.slice(0, -2), batch)
  const ofC = inputs[2] && broadcastIndex(inputs[2].dims, output.dims)

  /** Every row of an output: its begin, that of A's row and that of B's matrix. */
  const eachRow = (visit: (o: number, x: number, y: number) => void): void => {
    for (let m = 0; m < countOf(batch); m++)
      for (let r = 0; r < rows; r++)
        visit(
          (m * rows + r) * columns,
          ((ofA ? ofA[m]! : m) * rows + r) * inner,
          (ofB ? ofB[m]! : m) * inner * columns,
        )
  }
  const multiply = (
    into: Float64Array,
    x: ArrayLike<number>,
    y: ArrayLike<number>,
  ): void =>
    eachRow((o, first, matrix) =>
      addRuns(into, o, y, matrix, x, first, {
        runs: inner,
        between: columns,
        factors: 1,
        count: columns,
        step: 1,
        intoStep: 1,
      }),
    )
  const start = (c: Float32Array | undefined): Float64Array => {
    const data = new Float64Array(countOf(output.dims))
    return c === undefined
      ? data
      : mapped(data, (_, o) => c[ofC ? ofC[o]! : o]!)
  }

  return {
    forward([x, y, c], arithmetic) {
      const data = start(c?.data)
      multiply(data, x!.data, y!.data)
      if (arithmetic === undefined) return { data }
      const sizes = magnitudes(start(c?.data))
      multiply(sizes, magnitudes(x!.data), magnitudes(y!.data))
      const gamma = gammaOf(arithmetic, inner + (c === undefined ? 0 : 1))
      return endsAround(
        data,
        mapped(sizes, (size) => gamma * size),
      )
    },
    pull([x, y, c], _, given) {
      const ofX = new Float64Array(moving[0] ? x!.data.length : 0)
      const ofY = new Float64Array(moving[1] ? y!.data.length : 0)
      eachRow((o, first, matrix) => {
        // Sums along B's lines and along A's row.
        const lines = { count: inner, step: columns, intoStep: 1 }
        if (moving[0])
          addRuns(ofX, first, y!.data, matrix, given, o, {
            ...lines,
            runs: columns,
            between: 1,
            factors: 1,
          })
        if (moving[1])
          for (let k = 0; k < inner; k++)
            addRuns(ofY, matrix + k * columns, given, o, x!.data, first + k, {
              runs: 1,
              between: 0,
              factors: 0,
              count: columns,
              step: 1,
              intoStep: 1,
            })
      })
      const ofTerm = moving[2] ? new Float64Array(c!.data.length) : undefined
      if (ofTerm)
        for (let o = 0; o < given.length; o++)
          ofTerm[ofC ? ofC[o]! : o]! += given[o]!
      return [moving[0] ? ofX : undefined, moving[1] ? ofY : undefined, ofTerm]
    },
  }
}
