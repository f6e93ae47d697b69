import { countOf, type Kernel, type KernelOf, type Value } from '../kernel.js'
import { broadcastIndex } from './broadcast.js'
import { filled, mapped } from './mapped.js'

/** Index from behind where it is negative. */
const fromBehind = (index: number, size: number) =>
  index < 0 ? index + size : index

/** Gather by indices that are data. */
export const gather: KernelOf = ({ node, inputs, output, moving }) => {
  const axis = node.attributes[0]!
  const { dims } = inputs[0]!
  const indices = countOf(inputs[1]!.dims)
  const size = countOf(dims.slice(axis + 1))
  const places = (chosen: Value): Int32Array =>
    Int32Array.from({ length: countOf(output.dims) }, (_, o) => {
      const outer = Math.floor(o / (indices * size))
      const index = chosen.data[Math.floor(o / size) % indices]!
      return (
        (outer * dims[axis]! + fromBehind(index, dims[axis]!)) * size +
        (o % size)
      )
    })
  return {
    forward: ([x, chosen]) => ({
      data: mapped(places(chosen!), (i) => x!.data[i]!),
    }),
    pull([x, chosen], _, given) {
      if (!moving[0]) return []
      const own = new Float64Array(x!.data.length)
      places(chosen!).forEach((i, o) => {
        own[i]! += given[o]!
      })
      return [own]
    },
  }
}

/** GatherND without batch axes, of values that have no gradient. */
export const gatherND: KernelOf = ({ node, inputs, output }) => {
  const { dims } = inputs[0]!
  const tuple = inputs[1]!.dims.at(-1)!
  const size = countOf(dims.slice(tuple))
  if (node.attributes[0] !== 0 || inputs[0]!.dtype === 1)
    throw new Error('the attack knows GatherND of masks only')
  return {
    forward: ([x, indices]) => ({
      data: filled(countOf(output.dims), (o) => {
        let place = 0
        for (let k = 0; k < tuple; k++)
          place =
            place * dims[k]! +
            fromBehind(
              indices!.data[Math.floor(o / size) * tuple + k]!,
              dims[k]!,
            )
        return x!.data[place * size + (o % size)]!
      }),
    }),
    pull: () => [],
  }
}

/** Where: one of two operands, as a third one says. */
export const where: KernelOf = ({ inputs, output, moving }) => {
  const index = inputs.map((type) => broadcastIndex(type!.dims, output.dims))
  const at = (values: readonly Value[], operand: number, o: number): number =>
    values[operand]!.data[index[operand] ? index[operand]![o]! : o]!
  const chosen = (values: readonly Value[], o: number) =>
    at(values, 0, o) !== 0 ? 1 : 2
  return {
    forward: (values) => ({
      data: filled(countOf(output.dims), (o) =>
        at(values, chosen(values, o), o),
      ),
    }),
    pull: (values, _, given) =>
      [0, 1, 2].map((operand) => {
        if (operand === 0 || !moving[operand]) return undefined
        const own = new Float64Array(values[operand]!.data.length)
        for (let o = 0; o < given.length; o++)
          if (chosen(values, o) === operand)
            own[index[operand] ? index[operand]![o]! : o]! += given[o]!
        return own
      }),
  }
}

/** And, IsNaN and Cast of integers and bools: exact, and no gradient passes. */
export const logic: KernelOf = ({ node, inputs, output }) => {
  if (node.operator === 'And') return conjunction({ node, inputs, output })
  const of: Record<string, (value: number) => number> = {
    IsNaN: (value) => Number(Number.isNaN(value)),
    Cast:
      output.dtype === 9 ? (value) => Number(value !== 0) : (value) => value,
  }
  const rule = of[node.operator]
  if (rule === undefined) throw new Error(node.operator)
  return {
    forward: ([x]) => ({ data: mapped(x!.data, rule) }),
    pull: () => [],
  }
}

function conjunction({
  inputs,
  output,
}: Omit<Parameters<KernelOf>[0], 'moving'>): Kernel {
  const [ofX, ofY] = inputs.map((type) =>
    broadcastIndex(type!.dims, output.dims),
  )
  return {
    forward: ([x, y]) => ({
      data: filled(countOf(output.dims), (o) =>
        Number(
          x!.data[ofX ? ofX[o]! : o] !== 0 && y!.data[ofY ? ofY[o]! : o] !== 0,
        ),
      ),
    }),
    pull: () => [],
  }
}
