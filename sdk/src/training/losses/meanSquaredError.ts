import { elementCount } from '../../tensor/tensorType.js'
import type { LossBuilder } from './loss.js'

/** Mean of the squared differences. */
export const meanSquaredError: LossBuilder = (builder, output, target) => {
  const count = elementCount(builder.dims(output))
  const difference = builder.sub(output, target)
  const squares = builder.mul(difference, difference)
  const sum = builder.sum(builder.reshape(squares, [count]), [0])
  return {
    loss: builder.scale(sum, 1 / count),
    seed: [output, builder.scale(difference, 2 / count)],
  }
}
