import { OperatorError } from '../../operators/operator.js'
import { elementCount } from '../../tensor/tensorType.js'
import {
  axisOf,
  type Composite,
  type CompositeNode,
  firstResult,
  floatAttribute,
  floatDims,
  intAttribute,
  intsAttribute,
  nameOf,
  resultOf,
} from './composite.js'
import type { NodeBuilder } from './nodeBuilder.js'

// Normalisations with two passes: the mean, then the mean of squared distances
// (a one-pass variance has no useful bound, docs/operators.md).

/** Distances from the mean over some axes, the mean, and the root of the variance. */
function centred(
  build: NodeBuilder,
  x: string,
  axes: readonly number[],
  epsilon: number,
  meanName?: string,
): { distances: string; root: string } {
  const options = meanName === undefined ? {} : { output: meanName }
  const mean = build.reduce('ReduceMean', x, axes, options)
  const distances = build.add('Sub', [x, mean])
  const squares = build.add('Mul', [distances, distances])
  const variance = build.reduce('ReduceMean', squares, axes)
  const lifted =
    epsilon === 0
      ? variance
      : build.add('Add', [variance, build.float(epsilon)])
  return { distances, root: build.add('Sqrt', [lifted]) }
}

/** `x scale + bias`, each one number a channel. */
function scaled(
  composite: CompositeNode,
  build: NodeBuilder,
  x: string,
  dims: readonly number[],
  output?: string,
): string {
  const [scale, bias] = [1, 2].map((input) =>
    build.reshape(nameOf(composite, input) ?? '', dims),
  ) as [string, string]
  return build.add('Add', [build.add('Mul', [x, scale]), bias], {}, output)
}

const ones = (count: number): number[] => new Array<number>(count).fill(1)
const from = (axis: number, rank: number): number[] =>
  Array.from({ length: rank - axis }, (_, k) => axis + k)
const defaultEpsilon = Math.fround(1e-5)

/** ONNX InstanceNormalization. */
export const instanceNormalization: Composite = {
  rule: 'becomes ReduceMean, Sub, Mul, Sqrt, Div and Add',
  expand(composite, build) {
    const { node } = composite
    const dims = floatDims(composite, 0)
    const epsilon = floatAttribute(node, 'epsilon', defaultEpsilon)
    const { distances, root } = centred(
      build,
      nameOf(composite, 0) ?? '',
      from(2, dims.length),
      epsilon,
    )
    const unit = build.add('Div', [distances, root])
    const channel = [dims[1] ?? 1, ...ones(dims.length - 2)]
    scaled(composite, build, unit, channel, firstResult(node))
  },
}

/** ONNX GroupNormalization: a scale for each group, from opset 21 for each channel. */
export const groupNormalization: Composite = {
  rule: 'becomes Reshape, ReduceMean, Sub, Mul, Sqrt, Div and Add',
  expand(composite, build) {
    const { node } = composite
    const dims = floatDims(composite, 0)
    const groups = intAttribute(node, 'num_groups', 0)
    const [batch = 1, channels = 1] = dims
    if (groups < 1 || channels % groups !== 0)
      throw new OperatorError(`${channels} channels in ${groups} groups`)
    const size = elementCount(dims) / (batch * groups)
    const rows = build.reshape(nameOf(composite, 0) ?? '', [
      batch,
      groups,
      size,
    ])
    const epsilon = floatAttribute(node, 'epsilon', defaultEpsilon)
    const { distances, root } = centred(build, rows, [2], epsilon)
    const unit = build.add('Div', [distances, root])
    if (build.opset < 21) {
      const done = scaled(composite, build, unit, [groups, 1])
      build.reshape(done, dims, firstResult(node))
      return
    }
    const channel = [channels, ...ones(dims.length - 2)]
    const whole = build.reshape(unit, dims)
    scaled(composite, build, whole, channel, firstResult(node))
  },
}

/** ONNX MeanVarianceNormalization. */
export const meanVarianceNormalization: Composite = {
  rule: 'becomes ReduceMean, Sub, Mul, Sqrt, Add and Div',
  expand(composite, build) {
    const { node } = composite
    const rank = floatDims(composite, 0).length
    const axes = (intsAttribute(node, 'axes') ?? [0, 2, 3]).map((axis) =>
      axisOf(node, axis, rank),
    )
    const { distances, root } = centred(
      build,
      nameOf(composite, 0) ?? '',
      axes,
      0,
    )
    const divisor = build.add('Add', [root, build.float(1e-9)])
    build.add('Div', [distances, divisor], {}, firstResult(node))
  },
}

/** ONNX LayerNormalization whose mean or deviation is a result. */
export const layerNormalizationWithStatistics: Composite = {
  rule: 'becomes ReduceMean, Sub, Mul, Sqrt, Reciprocal and Add',
  applies: ({ node }) =>
    node.outputs.slice(1).some((name) => name !== '') &&
    intAttribute(node, 'stash_type', 1) === 1,
  expand(composite, build) {
    const { node } = composite
    const rank = floatDims(composite, 0).length
    const axis = axisOf(node, intAttribute(node, 'axis', -1), rank)
    const epsilon = floatAttribute(node, 'epsilon', defaultEpsilon)
    const { distances, root } = centred(
      build,
      nameOf(composite, 0) ?? '',
      from(axis, rank),
      epsilon,
      resultOf(node, 1),
    )
    const inverse = build.add('Reciprocal', [root], {}, resultOf(node, 2))
    const unit = build.add('Mul', [distances, inverse])
    withScaleAndBias(composite, build, unit)
  },
}

/** ONNX RMSNormalization. */
export const rmsNormalization: Composite = {
  rule: 'becomes Mul, ReduceMean, Add, Sqrt and Reciprocal',
  expand(composite, build) {
    const { node } = composite
    const rank = floatDims(composite, 0).length
    const x = nameOf(composite, 0) ?? ''
    const axis = axisOf(node, intAttribute(node, 'axis', -1), rank)
    const squares = build.add('Mul', [x, x])
    const mean = build.reduce('ReduceMean', squares, from(axis, rank))
    const epsilon = floatAttribute(node, 'epsilon', defaultEpsilon)
    const lifted = build.add('Add', [mean, build.float(epsilon)])
    const inverse = build.add('Reciprocal', [build.add('Sqrt', [lifted])])
    withScaleAndBias(composite, build, build.add('Mul', [x, inverse]))
  },
}

/** Scale and, where there is one, bias of the shape of the last axes. */
function withScaleAndBias(
  composite: CompositeNode,
  build: NodeBuilder,
  x: string,
): void {
  const [scale = '', bias] = [nameOf(composite, 1), nameOf(composite, 2)]
  const output = firstResult(composite.node)
  if (bias === undefined) build.add('Mul', [x, scale], {}, output)
  else build.add('Add', [build.add('Mul', [x, scale]), bias], {}, output)
}
