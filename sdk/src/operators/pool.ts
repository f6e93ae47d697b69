import { intsOf } from './form.js'
import { loopRanges } from './loops.js'
import type {
  ElementQuery,
  InputType,
  OperatorNode,
  Range,
} from './operator.js'
import { OperatorError } from './operator.js'
import { committedAt, committedStride, coordinatesOf } from './shape.js'
import { requireCells, type Spatial, spatialOf } from './spatial.js'
import { typeAt } from './typeAt.js'
import { type Window, windowAt } from './window.js'

// What AveragePool and MaxPool share. Twin of
// contracts/verification/operators/PoolChecker.sol.

/** The window of the element that a query names; attributes from `offset` on. */
export function poolWindow(query: ElementQuery, offset: number): Window {
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const sizes = typeAt(query.inputs, 0).dims.slice(2)
  return windowAt(query.attributes, offset, sizes, at.slice(2))
}

/** The cells of the window, in the order of commitment. */
export function poolRanges(query: ElementQuery, offset: number): Range[] {
  const x = typeAt(query.inputs, 0)
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  const window = poolWindow(query, offset)
  return loopRanges(0, {
    first: committedAt(x, [...at.slice(0, 2), ...window.first]),
    loops: x.perm
      .filter((axis) => axis > 1)
      .map((axis) => ({
        count: window.counts[axis - 2] as number,
        stride:
          committedStride(x, axis) * (window.dilations[axis - 2] as number),
      })),
  })
}

/** Kernel and padding of a pool; throws `OperatorError` where it has no checker. */
export function poolSpatial(node: OperatorNode, x: InputType): Spatial {
  const input = x.dims.slice(2)
  const kernel = intsOf(node, 'kernel_shape')
  if (input.length === 0 || kernel === undefined)
    throw new OperatorError(`${node.operator} of rank ${x.dims.length}`)
  if (node.outputs > 1)
    throw new OperatorError(`${node.operator} with indices has no checker`)
  const spatial = spatialOf(node, input, kernel)
  requireCells(node, input, spatial)
  return spatial
}
