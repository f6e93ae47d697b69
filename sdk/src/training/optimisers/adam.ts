import { clampSubnormals } from '../clampSubnormals.js'
import type { Optimiser, OptimiserOptions } from './optimiser.js'

/**
 * Adam and AdamW. Bias corrections are tables beside that of the rates, so that
 * no step depends on a power computed on a machine.
 */
export function adam(
  options: Extract<OptimiserOptions, { kind: 'adam' }>,
): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  const { weightDecay = 0, decoupled = true } = options
  return {
    moments: ['mean', 'square'],
    update({ builder, parameters, gradient, moments, table, rates }) {
      const slope =
        weightDecay === 0 || decoupled
          ? gradient
          : builder.add(gradient, builder.scale(parameters, weightDecay))
      const [meanBefore = '', squareBefore = ''] = moments
      const mean = clampSubnormals(
        builder,
        builder.add(
          builder.scale(meanBefore, beta1),
          builder.scale(slope, 1 - beta1),
        ),
      )
      const square = clampSubnormals(
        builder,
        builder.add(
          builder.scale(squareBefore, beta2),
          builder.scale(builder.mul(slope, slope), 1 - beta2),
        ),
      )
      // From the new moments, which are outputs: nothing is computed twice.
      const root = builder.mul(
        builder.op('Sqrt', [square]),
        table(rates.map((_, t) => 1 / Math.sqrt(1 - beta2 ** (t + 1)))),
      )
      const ratio = builder.div(mean, builder.add(root, builder.float(epsilon)))
      const move = builder.mul(
        ratio,
        table(rates.map((rate, t) => rate / (1 - beta1 ** (t + 1)))),
      )
      const kept =
        weightDecay === 0 || !decoupled
          ? parameters
          : builder.mul(
              parameters,
              table(rates.map((rate) => 1 - rate * weightDecay)),
            )
      return { moments: [mean, square], parameters: builder.sub(kept, move) }
    },
  }
}
