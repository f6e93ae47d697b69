import { checkerOf, logicalIndex } from '@lynode/sdk'
import { countOf, type KernelOf } from '../kernel.js'
import { mapped } from './mapped.js'

/**
 * Operators each of whose results is one operand's element, and has its bits. The
 * checker says which: what it reads to judge an element.
 */
export const movement: KernelOf = (step) => {
  const { node, inputs, output, moving } = step
  const count = countOf(output.dims)
  const [sources, places] = placesOf(step)
  return {
    forward: (values) => ({
      data: mapped(places, (place, o) => values[sources[o]!]!.data[place]!),
    }),
    pull(values, _, given) {
      const own = node.inputs.map((_, i) =>
        inputs[i] !== undefined && moving[i]
          ? new Float64Array(values[i]!.data.length)
          : undefined,
      )
      for (let o = 0; o < count; o++) {
        const gradient = own[sources[o]!]
        if (gradient !== undefined) gradient[places[o]!]! += given[o]!
      }
      return own
    },
  }
}

/** Operand and logical index of the element that becomes each result. */
function placesOf({
  node,
  inputs,
  output,
}: Parameters<KernelOf>[0]): [Uint8Array, Int32Array] {
  const count = countOf(output.dims)
  const sources = new Uint8Array(count)
  const places = Int32Array.from({ length: count }, (_, o) => o)
  // Identity and Reshape keep the order.
  if (node.opcode <= 2) return [sources, places]
  const checker = checkerOf(node.opcode)
  if (checker === undefined) throw new Error(`no checker of ${node.operator}`)
  for (let element = 0; element < count; element++) {
    const [range, ...more] = checker.ranges({
      opcode: node.opcode,
      attributes: node.attributes,
      inputs,
      outputs: [output],
      output: 0,
      element,
    })
    if (range === undefined || range.count !== 1 || more.length > 0)
      throw new Error(`${node.operator} does not move one element`)
    sources[element] = range.operand
    places[element] = logicalIndex(inputs[range.operand]!, range.first)
  }
  return [sources, places]
}
