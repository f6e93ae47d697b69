import { floatOf, intOf, type Rule } from './rule.js'

/** Gemm: `alpha A' B' + beta C`. */
export const gemm: Rule = ({ node, builder, gradient, x, wants }) => {
  const b = node.inputs[1]!
  const alpha = floatOf(node, 'alpha', 1)
  const [transA, transB] = [intOf(node, 'transA', 0), intOf(node, 'transB', 0)]
  const scaled = builder.scale(gradient, alpha)
  const { swap } = { swap: (name: string) => builder.swap(name) }
  const byA = () => {
    const plain = builder.matMul(scaled, transB ? b : swap(b))
    return transA ? swap(plain) : plain
  }
  const byB = () => {
    const left = transA ? x : swap(x)
    // The other order spares turning the product.
    return transB
      ? builder.matMul(swap(scaled), swap(left))
      : builder.matMul(left, scaled)
  }
  return [
    wants(0) ? byA() : undefined,
    wants(1) ? byB() : undefined,
    wants(2) ? builder.scale(gradient, floatOf(node, 'beta', 1)) : undefined,
  ]
}
