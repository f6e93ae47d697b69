import { allTypes, axisOf, constantOf, inputOf, intsOf } from './form.js'
import { movementChecker, opcodes } from './movement.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'

/** ONNX Slice with constant limits, clamped as the standard says. */
export const slice: Operator = {
  names: ['Slice'],
  checker: movementChecker(opcodes.slice),
  form(node) {
    const input = inputOf(node, 0, allTypes)
    const { starts, ends, axes, steps } = limitsOf(node)
    const start = input.dims.map(() => 0)
    const step = input.dims.map(() => 1)
    const dims = [...input.dims]
    const seen = new Set<number>()
    starts.forEach((from, i) => {
      const axis = axisOf(node, axes?.[i] ?? i, input.dims.length)
      if (seen.has(axis))
        throw new OperatorError(`Slice names axis ${axis} twice`)
      seen.add(axis)
      const cut = clamp(
        input.dims[axis] as number,
        from,
        ends[i] as number,
        steps?.[i] ?? 1,
      )
      if (cut.count < 1)
        throw new OperatorError(`Slice leaves nothing of axis ${axis}`)
      start[axis] = cut.start
      step[axis] = cut.step
      dims[axis] = cut.count
    })
    return {
      opcode: opcodes.slice,
      attributes: [...start, ...step],
      inputs: [0],
      outputs: [{ dtype: input.dtype, dims }],
      layouts: [undefined, undefined],
    }
  },
}

type Limits = {
  starts: number[]
  ends: number[]
  axes: number[] | undefined
  steps: number[] | undefined
}

/** Limits are attributes up to opset 9, inputs from 10 on. */
function limitsOf(node: OperatorNode): Limits {
  const starts = intsOf(node, 'starts') ?? constantOf(node, 1)
  const ends = intsOf(node, 'ends') ?? constantOf(node, 2)
  const axes = intsOf(node, 'axes') ?? constantOf(node, 3)
  const steps = constantOf(node, 4)
  if (starts === undefined || starts.length !== ends?.length)
    throw new OperatorError('Slice: starts and ends do not match')
  if ([axes, steps].some((list) => list && list.length !== starts.length))
    throw new OperatorError('Slice: axes or steps do not match starts')
  return { starts, ends, axes, steps }
}

function clamp(
  dim: number,
  from: number,
  to: number,
  wide: number,
): { start: number; step: number; count: number } {
  if (wide === 0) throw new OperatorError('Slice: step 0')
  // A step beyond the axis takes one element, as one of its length does.
  const step = Math.max(-dim, Math.min(dim, wide))
  const [least, most] = step > 0 ? [0, dim] : [-1, dim - 1]
  const inside = (at: number) =>
    Math.max(least, Math.min(most, at < 0 ? at + dim : at))
  const start = Math.max(0, inside(from))
  const count = Math.ceil((inside(to) - start) / step)
  return { start, step, count }
}
