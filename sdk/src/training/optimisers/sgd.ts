import { clampSubnormals } from '../clampSubnormals.js'
import type { Optimiser, OptimiserOptions } from './optimiser.js'

/** Stochastic gradient descent, with momentum if it is not 0. */
export function sgd(
  options: Extract<OptimiserOptions, { kind: 'sgd' }>,
): Optimiser {
  const { momentum = 0, weightDecay = 0 } = options
  return {
    moments: momentum === 0 ? [] : ['momentum'],
    update({ builder, parameters, gradient, moments, table, rates }) {
      const slope =
        weightDecay === 0
          ? gradient
          : builder.add(gradient, builder.scale(parameters, weightDecay))
      const [before] = moments
      const direction =
        before === undefined
          ? slope
          : clampSubnormals(
              builder,
              builder.add(builder.scale(before, momentum), slope),
            )
      const move = builder.mul(direction, table(rates))
      return {
        moments: before === undefined ? [] : [direction],
        parameters: builder.sub(parameters, move),
      }
    },
  }
}
