import type { Rule } from './rule.js'

/** Tile: the sum over the copies. */
export const tile: Rule = ({ builder, gradient, x, y }) => {
  const dims = builder.dims(x)
  const whole = builder.dims(y)
  const result = dims.reduce((rest, dim, axis) => {
    const times = (whole[axis] ?? dim) / dim
    if (times === 1) return rest
    const now = builder.dims(rest)
    const split = [...now.slice(0, axis), times, dim, ...now.slice(axis + 1)]
    return builder.sum(builder.reshape(rest, split), [axis], false)
  }, gradient)
  return [result]
}
