import { OperatorError } from '../../operators/operator.js'
import { dtypes } from '../../types/tensorType.js'
import { type Composite, firstResult, nameOf, typeOf } from './composite.js'

/** First operator set whose Clip takes its limits as inputs. */
const limitInputs = 11

/** Element types that runtimes have both Clip and Max and Min of. */
const types: readonly number[] = [dtypes.float32, dtypes.int32, dtypes.int64]

/**
 * ONNX Clip with limits that are data, as the standard defines it:
 * Min(Max(x, min), max). With constant limits it has a checker of its own.
 */
export const clipByData: Composite = {
  rule: 'becomes Max and Min where a limit is no constant',
  applies({ node, constants }, opset) {
    return (
      opset >= limitInputs &&
      [1, 2].some((i) => node.inputs[i] && constants[i] === undefined)
    )
  },
  expand(composite, build) {
    if (!types.includes(typeOf(composite, 0).dtype))
      throw new OperatorError(
        'Clip of other types than float32, int32 and int64 needs constant limits',
      )
    const limits = (
      [
        ['Max', 1],
        ['Min', 2],
      ] as const
    ).flatMap(([operator, input]) => {
      const name = nameOf(composite, input)
      if (name === undefined) return []
      // A limit with axes could give the result more of them than x has.
      if (typeOf(composite, input).dims.length > 0)
        throw new OperatorError(`Clip: input ${input} must be a scalar`)
      return [{ operator, name }]
    })
    const last = limits.pop()
    const x = limits.reduce(
      (value, { operator, name }) => build.add(operator, [value, name]),
      nameOf(composite, 0) ?? '',
    )
    if (last !== undefined)
      build.add(last.operator, [x, last.name], {}, firstResult(composite.node))
  },
}
