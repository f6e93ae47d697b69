import { floatOf, intOf, type Rule } from './rule.js'

/** LayerNormalization, with the gradients of scale and bias. */
export const layerNormalization: Rule = (context) => {
  const { node, builder, gradient, x, wants } = context
  const dims = builder.dims(x)
  const axis = (intOf(node, 'axis', -1) + dims.length) % dims.length
  const axes = dims.flatMap((_, k) => (k >= axis ? [k] : []))
  const count = axes.reduce((n, k) => n * (dims[k] ?? 1), 1)
  const mean = (value: string) =>
    builder.scale(builder.sum(value, axes), 1 / count)
  const deviation = builder.sub(x, mean(x))
  const variance = mean(builder.mul(deviation, deviation))
  const epsilon = builder.float(floatOf(node, 'epsilon', 1e-5))
  const inverse = builder.op('Reciprocal', [
    builder.op('Sqrt', [builder.add(variance, epsilon)]),
  ])
  const normal = builder.mul(deviation, inverse)
  const byNormal = builder.mul(gradient, node.inputs[1]!)
  return [
    wants(0)
      ? builder.mul(
          inverse,
          builder.sub(
            builder.sub(byNormal, mean(byNormal)),
            builder.mul(normal, mean(builder.mul(byNormal, normal))),
          ),
        )
      : undefined,
    wants(1) ? builder.mul(gradient, normal) : undefined,
    wants(2) ? gradient : undefined,
  ]
}
