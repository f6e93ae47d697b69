import { tensorData } from '../../onnx/tensorData.js'
import { intsOf, type Rule, type RuleContext } from './rule.js'

/** ReduceSum, ReduceMean and GlobalAveragePool: every term has the gradient of the sum. */
export const reduce: Rule = (context) => {
  const { node, builder, gradient, x } = context
  const dims = builder.dims(x)
  const axes = axesOf(context)
  const count = axes.reduce((n, axis) => n * (dims[axis] ?? 1), 1)
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  const share = builder.scale(
    builder.reshape(gradient, kept),
    node.operator === 'ReduceSum' ? 1 : 1 / count,
  )
  return [builder.op('Expand', [share, builder.ints(dims)])]
}

function axesOf({ node, builder, x }: RuleContext): number[] {
  const rank = builder.dims(x).length
  const all = Array.from({ length: rank }, (_, axis) => axis)
  if (node.operator === 'GlobalAveragePool') return all.slice(2)
  const tensor = builder.weights.get(node.inputs[1] ?? '')
  const given =
    intsOf(node, 'axes') ?? (tensor && Array.from(tensorData(tensor), Number))
  if (given === undefined || given.length === 0) return all
  return given.map((axis) => (axis + rank) % rank)
}
