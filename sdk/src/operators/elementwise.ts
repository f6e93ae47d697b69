import type { ElementQuery, Range } from './operator.js'
import { broadcastAt, coordinatesOf } from './shape.js'

/**
 * What operators that work element by element read: of each present operand the
 * one element that numpy broadcasting pairs with the output element. Twin of
 * contracts/libraries/Elementwise.sol.
 */
export function elementwiseRanges(query: ElementQuery): Range[] {
  const [output] = query.outputs
  if (output === undefined) throw new RangeError('a node has an output')
  const at = coordinatesOf(output.dims, query.element)
  return query.inputs.flatMap((input, operand) =>
    input === undefined
      ? []
      : [{ operand, first: broadcastAt(input, at), count: 1, stride: 1 }],
  )
}
