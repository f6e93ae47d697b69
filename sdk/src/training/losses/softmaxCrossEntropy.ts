import { elementCount } from '../../tensor/tensorType.js'
import type { LossBuilder } from './loss.js'

/** Least normal float32: the logarithm of a share that underflowed stays finite. */
const least = 2 ** -126

/**
 * Mean cross-entropy. Its gradient, `(softmax - one-hot) / rows`, is exact
 * where the logarithm would not be.
 */
export const softmaxCrossEntropy: LossBuilder = (builder, logits, labels) => {
  const dims = builder.dims(logits)
  const classes = dims.at(-1) ?? 1
  const rows = elementCount(dims) / classes
  const table = builder.reshape(logits, [rows, classes])
  const share = builder.op('Softmax', [table], {
    axis: { type: 'int', value: 1n },
  })
  const truth = builder.oneHot(labels, classes)
  const picked = builder.sum(builder.mul(share, truth), [1], false)
  const bits = builder.op('Log', [
    builder.op('Max', [picked, builder.float(least)]),
  ])
  const loss = builder.scale(builder.sum(bits, [0]), -1 / rows)
  const gradient = builder.scale(builder.sub(share, truth), 1 / rows)
  return { loss, seed: [logits, builder.reshape(gradient, dims)] }
}
