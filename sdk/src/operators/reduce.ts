import { dtypes, type TensorType } from '../types/tensorType.js'
import { dotInterval, exactDot, meanInterval } from './exactDot.js'
import {
  axisOf,
  constantOf,
  floatOnly,
  inputOf,
  intOf,
  intsOf,
} from './form.js'
import { sumInParts, unhinted } from './inParts.js'
import { integerSum } from './integerSum.js'
import { loopRanges } from './loops.js'
import {
  type Checker,
  type ElementQuery,
  type Operand,
  type Operator,
  OperatorError,
  type OperatorForm,
  type OperatorNode,
  type Range,
} from './operator.js'
import { requireCommitted } from './requireCommitted.js'
import { committedAt, committedStride } from './shape.js'
import { typeAt } from './typeAt.js'

/**
 * The checker of a sum or mean over whole axes. Twin of
 * `contracts/verification/operators/ReduceChecker.sol`.
 */
export function reduceChecker(
  opcode: number,
  kind: 'sum' | 'mean',
  axesOf: (query: ElementQuery) => readonly number[],
): Checker {
  return {
    opcode,
    class: 'float',
    ranges: (query) => reduceRanges(query, axesOf(query)),
    evaluate(query, operands) {
      requireCommitted(operands)
      const operand = operands[0] as Operand
      const { dtype } = typeAt(query.inputs, 0)
      if (dtype !== dtypes.float32) return integerSum(operand, dtype)
      const sum = exactDot(operand.data)
      return kind === 'sum'
        ? dotInterval(sum, query.arithmetic)
        : meanInterval(sum, sum.terms, query.arithmetic)
    },
    parts: (query) =>
      typeAt(query.inputs, 0).dtype === dtypes.float32 ? sumInParts : unhinted,
  }
}

/** What an element of a reduction over whole axes reads. */
export function reduceRanges(
  query: ElementQuery,
  axes: readonly number[],
): Range[] {
  const x = typeAt(query.inputs, 0)
  return loopRanges(0, {
    first: committedAt(x, startOf(x, axes, query.element)),
    loops: x.perm
      .filter((axis) => axes.includes(axis))
      .map((axis) => ({
        count: x.dims[axis] as number,
        stride: committedStride(x, axis),
      })),
  })
}

/**
 * Input coordinates of the first element that an output element reads. The
 * reduced axes, kept as 1 or dropped, do not change its row-major index.
 */
function startOf(
  x: TensorType,
  axes: readonly number[],
  element: number,
): number[] {
  const at = x.dims.map(() => 0)
  let rest = element
  for (let axis = x.dims.length - 1; axis >= 0; axis--) {
    if (axes.includes(axis)) continue
    at[axis] = rest % (x.dims[axis] as number)
    rest = Math.floor(rest / (x.dims[axis] as number))
  }
  return at
}

/** An ONNX reduction whose axes are an attribute, or a constant input. */
export function reduceOperator(
  name: string,
  opcode: number,
  kind: 'sum' | 'mean',
  /** First opset that passes the axes as an input. */
  axesInputSince: number,
  types: readonly TensorType['dtype'][] = floatOnly,
): Operator {
  return {
    names: [name],
    checker: reduceChecker(opcode, kind, (query) => query.attributes),
    form(node) {
      const form = reduceForm(node, opcode, axesInputSince, types)
      // One sum in any order of additions.
      return node.inputs[0]?.dtype === dtypes.float32
        ? form
        : { ...form, class: 'exact' }
    },
  }
}

/** Form of a reduction whose axes are an attribute, or a constant input. */
export function reduceForm(
  node: OperatorNode,
  opcode: number,
  axesInputSince: number,
  types: readonly TensorType['dtype'][] = floatOnly,
): OperatorForm {
  const x = inputOf(node, 0, types)
  const rank = x.dims.length
  const given =
    (node.opset >= axesInputSince
      ? constantOf(node, 1)
      : intsOf(node, 'axes')) ?? []
  if (given.length === 0 && intOf(node, 'noop_with_empty_axes', 0) !== 0)
    throw new OperatorError(`${node.operator} that does nothing`)
  const axes =
    given.length === 0
      ? x.dims.map((_, axis) => axis)
      : [...new Set(given.map((axis) => axisOf(node, axis, rank)))].sort(
          (a, b) => a - b,
        )
  const keep = intOf(node, 'keepdims', 1) !== 0
  const kept = x.dims
    .map((_, axis) => axis)
    .filter((axis) => !axes.includes(axis))
  const dims = keep
    ? x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : kept.map((axis) => x.dims[axis] as number)
  return {
    opcode,
    attributes: axes,
    inputs: [0],
    outputs: [{ dtype: x.dtype, dims }],
    // B3: the reduced axes last.
    layouts: [[...kept, ...axes], undefined],
  }
}
