import { elementCount } from '../../tensor/tensorType.js'
import type { LossBuilder } from './loss.js'

/** Mean of `softplus(z) - z t`, with the gradient `sigmoid(z) - t`. */
export const binaryCrossEntropy: LossBuilder = (builder, logits, target) => {
  const count = elementCount(builder.dims(logits))
  const terms = builder.sub(
    builder.op('Softplus', [logits]),
    builder.mul(logits, target),
  )
  const sum = builder.sum(builder.reshape(terms, [count]), [0])
  const difference = builder.sub(builder.op('Sigmoid', [logits]), target)
  return {
    loss: builder.scale(sum, 1 / count),
    seed: [logits, builder.scale(difference, 1 / count)],
  }
}
