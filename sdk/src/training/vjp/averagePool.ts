import { elementCount } from '../../tensor/tensorType.js'
import { dtypes } from '../../types/tensorType.js'
import { intOf, intsOf, noGradient, type Rule, textOf } from './rule.js'

/** AveragePool without padding: every cell of a window has its share. */
export const averagePool: Rule = ({ node, builder, gradient, x }) => {
  const dims = builder.dims(x)
  const kernel = intsOf(node, 'kernel_shape') ?? []
  const strides = intsOf(node, 'strides') ?? kernel.map(() => 1)
  if (
    intsOf(node, 'pads')?.some((width) => width !== 0) ||
    intsOf(node, 'dilations')?.some((width) => width !== 1) ||
    intOf(node, 'ceil_mode', 0) !== 0 ||
    (textOf(node, 'auto_pad') ?? 'NOTSET') !== 'NOTSET'
  )
    throw noGradient(node, 'padding, dilation and ceil_mode have no rule')
  const [batch = 1, channels = 1, ...cells] = builder.dims(gradient)
  const planes = builder.reshape(gradient, [batch * channels, 1, ...cells])
  const count = elementCount(kernel)
  const share = builder.constant(
    dtypes.float32,
    [1, 1, ...kernel],
    new Float32Array(count).fill(1 / count),
  )
  const spread = builder.op('ConvTranspose', [planes, share], {
    strides: { type: 'ints', value: strides.map(BigInt) },
  })
  const covered = builder.dims(spread).slice(2)
  const whole = builder.reshape(spread, [batch, channels, ...covered])
  return [
    builder.pad(
      whole,
      dims.map(() => 0),
      [0, 0, ...covered.map((size, k) => (dims[k + 2] ?? size) - size)],
    ),
  ]
}
