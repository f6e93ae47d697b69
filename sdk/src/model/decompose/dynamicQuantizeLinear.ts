import { dtypes } from '../../types/tensorType.js'
import {
  type Composite,
  firstResult,
  floatDims,
  nameOf,
  resultOf,
} from './composite.js'

/**
 * ONNX DynamicQuantizeLinear, as the standard defines it. The scale of a tensor
 * of zeros, which the standard leaves open, is 1, as runtimes have it.
 */
export const dynamicQuantizeLinear: Composite = {
  rule: 'becomes ReduceMin, ReduceMax, Div, Clip, Round and QuantizeLinear',
  expand(composite, build) {
    const { node } = composite
    const axes = floatDims(composite, 0).map((_, axis) => axis)
    const x = nameOf(composite, 0) ?? ''
    const [zero, one, levels] = [0, 1, 255].map((value) =>
      build.float(value),
    ) as [string, string, string]
    const keep = false
    const low = build.add('Min', [
      build.reduce('ReduceMin', x, axes, { keep }),
      zero,
    ])
    const high = build.add('Max', [
      build.reduce('ReduceMax', x, axes, { keep }),
      zero,
    ])
    const width = build.add('Sub', [high, low])
    const scale = build.add(
      'Where',
      [
        build.add('Equal', [width, zero]),
        one,
        build.add('Div', [width, levels]),
      ],
      {},
      resultOf(node, 1),
    )
    const start = build.add('Sub', [zero, build.add('Div', [low, scale])])
    const whole = build.add('Round', [build.add('Clip', [start, zero, levels])])
    const point = build.add(
      'Cast',
      [whole],
      { to: { type: 'int', value: BigInt(dtypes.uint8) } },
      resultOf(node, 2),
    )
    build.add('QuantizeLinear', [x, scale, point], {}, firstResult(node))
  },
}
