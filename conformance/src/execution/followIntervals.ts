import {
  checkerOf,
  elementBytes,
  elementCount,
  type Interval,
  logicalIndex,
  none,
  type Operand,
  type Range,
} from '@lynode/sdk'
import { need } from '../need.js'
import type { Execution } from './execute.js'

/** Intervals of every element of a value, by logical index. */
export type ValueIntervals = readonly Interval[]

/**
 * What honest machines can get at the outputs, whatever they got in between:
 * intervals are carried from the inputs through the whole graph, as for derived
 * values (RULES B5). A reduction takes the execution's own operands.
 */
export function followIntervals({
  manifest,
  bytes,
}: Execution): ReadonlyMap<number, ValueIntervals> {
  const known = new Map<number, ValueIntervals>()
  for (const node of manifest.nodes) {
    const checker = need(checkerOf(node.opcode), `opcode ${node.opcode}`)
    node.outputs.forEach((value, output) => {
      const type = need(manifest.values[value], 'an output').type
      const query = (element: number) => ({
        opcode: node.opcode,
        attributes: node.attributes,
        inputs: node.inputs.map((input) =>
          input === none ? undefined : manifest.values[input]?.type,
        ),
        outputs: node.outputs.map(
          (index) => need(manifest.values[index], 'an output').type,
        ),
        output,
        element,
      })
      const operands = (ranges: readonly Range[], follow: boolean): Operand[] =>
        node.inputs.map((input, operand) => {
          const own = ranges.filter((range) => range.operand === operand)
          if (input === none || own.length === 0)
            return { data: new Uint8Array(0), derived: [] }
          const intervals = follow ? known.get(input) : undefined
          const of = need(manifest.values[input], 'an operand').type
          const places = own.flatMap(({ first, count, stride }) =>
            Array.from({ length: count }, (_, i) => first + i * stride),
          )
          if (intervals !== undefined)
            return {
              data: new Uint8Array(0),
              derived: places.map((at) =>
                need(intervals[logicalIndex(of, at)], 'an interval'),
              ),
            }
          const width = elementBytes(of.dtype) ?? 1
          const data = new Uint8Array(places.length * width)
          places.forEach((at, i) => {
            const all = need(bytes[input], 'an operand')
            data.set(all.subarray(at * width, (at + 1) * width), i * width)
          })
          return { data, derived: [] }
        })
      const evaluate = (element: number, follow: boolean): Interval => {
        const asked = query(element)
        const ranges = checker.ranges(asked)
        const first = operands(ranges, follow)
        const more = checker.dependentRanges?.(asked, first) ?? []
        return checker.evaluate(
          asked,
          more.length === 0 ? first : operands([...ranges, ...more], follow),
        )
      }
      const follow = takesDerived(() => evaluate(0, true))
      known.set(
        value,
        Array.from({ length: elementCount(type.dims) }, (_, element) =>
          evaluate(element, follow),
        ),
      )
    })
  }
  return known
}

/** Reductions throw on derived operands, each family in its own words (B5). */
function takesDerived(evaluate: () => Interval): boolean {
  try {
    evaluate()
    return true
  } catch {
    // Whatever is really wrong shows again with the committed operands.
    return false
  }
}
