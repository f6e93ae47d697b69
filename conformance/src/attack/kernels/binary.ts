import { arithmetics } from '@lynode/sdk'
import { neighbours, relativeEnds } from '../ends.js'
import { countOf, type KernelOf } from '../kernel.js'
import { broadcastIndex, gatherGradient } from './broadcast.js'

type Of = (x: number, y: number) => number

const rules: Record<string, { of: Of; byX: Of; byY: Of }> = {
  Add: { of: (x, y) => x + y, byX: () => 1, byY: () => 1 },
  Mul: { of: (x, y) => x * y, byX: (_, y) => y, byY: (x) => x },
  Div: {
    of: (x, y) => x / y,
    byX: (_, y) => 1 / y,
    byY: (x, y) => -x / (y * y),
  },
}

/**
 * Add, Mul, Div. A quotient has 2 ulp, in WGSL 2.5; sums and products are rounded to
 * nearest, in WGSL to either neighbour.
 */
export const binary: KernelOf = ({ node, inputs, output, moving }) => {
  const rule = rules[node.operator]
  if (rule === undefined) throw new Error(node.operator)
  const ofX = broadcastIndex(inputs[0]!.dims, output.dims)
  const ofY = broadcastIndex(inputs[1]!.dims, output.dims)
  const count = countOf(output.dims)
  return {
    forward([x, y], arithmetic) {
      const data = new Float64Array(count)
      for (let o = 0; o < count; o++)
        data[o] = rule.of(
          x!.data[ofX ? ofX[o]! : o]!,
          y!.data[ofY ? ofY[o]! : o]!,
        )
      if (arithmetic === undefined) return { data }
      const wgsl = arithmetic === arithmetics.wgsl
      if (node.operator === 'Div')
        return relativeEnds(data, wgsl ? 5 * 2 ** -24 : 2 ** -22, 2 ** -126)
      return wgsl ? neighbours(data) : { data }
    },
    pull([x, y], _, given) {
      const factor = (by: Of) => (o: number) =>
        by(x!.data[ofX ? ofX[o]! : o]!, y!.data[ofY ? ofY[o]! : o]!)
      return [
        moving[0]
          ? gatherGradient(x!.data.length, ofX, given, factor(rule.byX))
          : undefined,
        moving[1]
          ? gatherGradient(y!.data.length, ofY, given, factor(rule.byY))
          : undefined,
      ]
    },
  }
}
