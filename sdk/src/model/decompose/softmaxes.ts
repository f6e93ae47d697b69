import { elementCount } from '../../tensor/tensorType.js'
import {
  axisOf,
  type Composite,
  type CompositeNode,
  firstResult,
  floatDims,
  intAttribute,
  nameOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

// Up to opset 12 Softmax and LogSoftmax take all axes from the named one on as
// one.

const coercesUntil = 12

/**
 * Writes what `write` makes of a row along `axis`, where it must be one axis.
 *
 * @param write Gets the value, its shape, the axis, and the name for its result.
 */
function alongAxis(
  composite: CompositeNode,
  build: NodeBuilder,
  write: (x: string, axis: number, output?: string) => string,
): void {
  const { node } = composite
  const dims = floatDims(composite, 0)
  const x = nameOf(composite, 0) ?? ''
  const old = build.opset <= coercesUntil
  const axis = axisOf(
    node,
    intAttribute(node, 'axis', old ? 1 : -1),
    dims.length,
  )
  if (!old || axis === dims.length - 1) {
    write(x, axis, firstResult(node))
    return
  }
  const rows = elementCount(dims.slice(0, axis))
  const flat = build.reshape(x, [rows, elementCount(dims.slice(axis))])
  build.reshape(write(flat, 1), dims, firstResult(node))
}

/** ONNX Softmax of several axes, as it was up to opset 12. */
export const flatSoftmax: Composite = {
  rule: 'becomes Reshape and Softmax of one axis',
  applies({ node, types }, opset) {
    const rank = types[0]?.dims.length ?? 0
    const axis = intAttribute(node, 'axis', 1)
    return opset <= coercesUntil && (axis < 0 ? axis + rank : axis) < rank - 1
  },
  expand: (composite, build) =>
    alongAxis(composite, build, (x, axis, output) =>
      build.add(
        'Softmax',
        [x],
        { axis: { type: 'int', value: BigInt(axis) } },
        output,
      ),
    ),
}

/** ONNX LogSoftmax: x - max - log(sum(exp(x - max))). */
export const logSoftmax: Composite = {
  rule: 'becomes ReduceMax, Sub, Exp, ReduceSum and Log',
  expand: (composite, build) =>
    alongAxis(composite, build, (x, axis, output) => {
      const highest = build.reduce('ReduceMax', x, [axis])
      const distances = build.add('Sub', [x, highest])
      const sum = build.reduce('ReduceSum', build.add('Exp', [distances]), [
        axis,
      ])
      return build.add('Sub', [distances, build.add('Log', [sum])], {}, output)
    }),
}
