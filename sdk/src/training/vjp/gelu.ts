import { type Rule, textOf } from './rule.js'

/** Gelu, of the error function or of tanh. */
export const gelu: Rule = ({ node, builder, gradient, x }) => {
  const { add, mul, sub, scale, float } = bound(builder)
  if (textOf(node, 'approximate') === 'tanh') {
    const c = Math.sqrt(2 / Math.PI)
    const square = mul(x, x)
    const inner = scale(mul(x, add(float(1), scale(square, 0.044715))), c)
    const t = builder.op('Tanh', [inner])
    const slope = scale(add(float(1), scale(square, 3 * 0.044715)), c)
    const bend = mul(mul(x, sub(float(1), mul(t, t))), slope)
    return [mul(gradient, scale(add(add(float(1), t), bend), 0.5))]
  }
  const phi = scale(
    add(float(1), builder.op('Erf', [scale(x, Math.SQRT1_2)])),
    0.5,
  )
  const bell = builder.op('Exp', [scale(mul(x, x), -0.5)])
  const bend = scale(mul(x, bell), 1 / Math.sqrt(2 * Math.PI))
  return [mul(gradient, add(phi, bend))]
}

function bound(builder: Parameters<Rule>[0]['builder']) {
  const { add, mul, sub } = builder
  return {
    add,
    mul,
    sub,
    scale: (x: string, factor: number) => builder.scale(x, factor),
    float: (value: number) => builder.float(value),
  }
}
