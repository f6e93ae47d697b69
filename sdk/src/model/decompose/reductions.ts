import { tensorData } from '../../onnx/tensorData.js'
import { OperatorError } from '../../operators/operator.js'
import { elementCount } from '../../tensor/tensorType.js'
import {
  axisOf,
  type Composite,
  type CompositeNode,
  firstResult,
  floatDims,
  intAttribute,
  intsAttribute,
  nameOf,
  typeOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

// Reductions that are ReduceSum or ReduceMax between per-element operators.

/** C4: a product of more may leave the range of float32 in too many ways. */
const mostFactors = 8

/** What a reduction reduces. */
type Reduction = {
  x: string
  axes: readonly number[]
  keep: boolean
  output: string
}

/** Axes are an input from opset 18 on. */
function reductionOf(composite: CompositeNode): Reduction {
  const { node, constants } = composite
  const rank = typeOf(composite, 0).dims.length
  if (nameOf(composite, 1) !== undefined && constants[1] === undefined)
    throw new OperatorError(`${node.operator}: input 1 must be a constant`, 1)
  const given =
    (constants[1] &&
      Array.from<number | bigint, number>(tensorData(constants[1]), Number)) ??
    intsAttribute(node, 'axes') ??
    []
  if (given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0) !== 0)
    throw new OperatorError(`${node.operator} that does nothing`)
  const all = Array.from({ length: rank }, (_, axis) => axis)
  const named = new Set(given.map((axis) => axisOf(node, axis, rank)))
  return {
    x: nameOf(composite, 0) ?? '',
    axes: given.length === 0 ? all : all.filter((axis) => named.has(axis)),
    keep: intAttribute(node, 'keepdims', 1) !== 0,
    output: firstResult(node),
  }
}

function reduction(
  rule: string,
  write: (build: NodeBuilder, reduction: Reduction) => void,
): Composite {
  return {
    rule,
    expand(composite, build) {
      floatDims(composite, 0)
      write(build, reductionOf(composite))
    },
  }
}

const squared = (build: NodeBuilder, x: string) => build.add('Mul', [x, x])

/** ONNX ReduceL1. */
export const reduceL1: Composite = reduction(
  'becomes Abs and ReduceSum',
  (build, { x, axes, keep, output }) =>
    build.reduce('ReduceSum', build.add('Abs', [x]), axes, { keep, output }),
)

/** ONNX ReduceL2. */
export const reduceL2: Composite = reduction(
  'becomes Mul, ReduceSum and Sqrt',
  (build, { x, axes, keep, output }) => {
    const sum = build.reduce('ReduceSum', squared(build, x), axes, { keep })
    build.add('Sqrt', [sum], {}, output)
  },
)

/** ONNX ReduceSumSquare. */
export const reduceSumSquare: Composite = reduction(
  'becomes Mul and ReduceSum',
  (build, { x, axes, keep, output }) =>
    build.reduce('ReduceSum', squared(build, x), axes, { keep, output }),
)

/** ONNX ReduceLogSum. */
export const reduceLogSum: Composite = reduction(
  'becomes ReduceSum and Log',
  (build, { x, axes, keep, output }) =>
    build.add(
      'Log',
      [build.reduce('ReduceSum', x, axes, { keep })],
      {},
      output,
    ),
)

/** ONNX ReduceLogSumExp, with the maximum taken out. */
export const reduceLogSumExp: Composite = reduction(
  'becomes ReduceMax, Sub, Exp, ReduceSum, Log and Add',
  (build, { x, axes, keep, output }) => {
    const highest = build.reduce('ReduceMax', x, axes)
    const powers = build.add('Exp', [build.add('Sub', [x, highest])])
    const sum = build.reduce('ReduceSum', powers, axes, { keep })
    const top = keep ? highest : build.reduce('ReduceMax', x, axes, { keep })
    build.add('Add', [build.add('Log', [sum]), top], {}, output)
  },
)

/** ONNX ReduceProd: one Mul a factor. */
export const reduceProd: Composite = {
  rule: 'becomes Gather and Mul, factor by factor',
  expand(composite, build) {
    const dims = floatDims(composite, 0)
    const { x, axes, keep, output } = reductionOf(composite)
    const others = dims.map((_, k) => k).filter((k) => !axes.includes(k))
    const factors = elementCount(axes.map((axis) => dims[axis] ?? 1))
    if (factors > mostFactors)
      throw new OperatorError(
        `ReduceProd of ${factors} factors, at most ${mostFactors} (C4)`,
      )
    const kept = others.map((axis) => dims[axis] ?? 1)
    const rows = build.reshape(build.transpose(x, [...others, ...axes]), [
      ...kept,
      factors,
    ])
    let product = build.pick(rows, kept.length, 0)
    for (let i = 1; i < factors; i++)
      product = build.add('Mul', [product, build.pick(rows, kept.length, i)])
    const result = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    build.reshape(product, keep ? result : kept, output)
  },
}
