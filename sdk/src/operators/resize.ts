import {
  allTypes,
  axisOf,
  constantOf,
  floatOnly,
  inputOf,
  intOf,
  intsOf,
  stringOf,
  wordOf,
} from './form.js'
import { interpolation } from './interpolation.js'
import { type Operator, OperatorError, type OperatorNode } from './operator.js'
import { countOf } from './shape.js'
import { opcodes, spaceChecker } from './space.js'

/** Input position of an output position p on an axis: (factor p + offset) / divisor. */
type Affine = { factor: number; offset: number; divisor: number }

/** How one axis is resized: `scale` is output over input, exactly. */
type Axis = { from: number; to: number; scale: number }

/**
 * ONNX Resize (and its forerunner Upsample) by whole factors, or by the inverse
 * of a power of two: there every runtime finds the same coordinates (C4). Modes
 * nearest, which moves, and linear, which has a bound.
 */
export const resize: Operator = {
  names: ['Resize', 'Upsample'],
  checker: spaceChecker(opcodes.resize),
  variants: [interpolation],
  form(node) {
    const mode = modeOf(node)
    const x = inputOf(node, 0, mode === 'nearest' ? allTypes : floatOnly)
    const axes = axesOf(node, x.dims)
    const coordinate = coordinateOf(node)
    const maps = axes.map((axis) => {
      const map = mapOf(node, axis, coordinate)
      return mode === 'nearest' ? rounded(map, nearestOf(node)) : reduced(map)
    })
    // Weights are whole multiples of 1 / divisors, exact in float32.
    if (mode === 'linear' && countOf(maps.map((m) => m.divisor)) > 2 ** 24)
      throw new OperatorError('Resize: too fine a grid of weights')
    const words = (list: (map: Affine) => number) =>
      maps.map((map) => wordOf(node, list(map)))
    return {
      opcode: mode === 'nearest' ? opcodes.resize : interpolation.opcode,
      attributes: [
        ...words(({ factor }) => factor),
        ...words(({ offset }) => offset),
        ...words(({ divisor }) => divisor),
      ],
      inputs: [0],
      outputs: [{ dtype: x.dtype, dims: axes.map(({ to }) => to) }],
      layouts: [undefined, undefined],
    }
  },
}

function modeOf(node: OperatorNode): 'nearest' | 'linear' {
  const mode = stringOf(node, 'mode', 'nearest')
  if (mode !== 'nearest' && mode !== 'linear')
    throw new OperatorError(`${node.operator}: mode ${mode} has no checker`)
  if (intOf(node, 'antialias', 0) !== 0)
    throw new OperatorError(`${node.operator} with antialias has no checker`)
  return mode
}

/** Up to opset 10 a coordinate is scaled and nothing else. */
function coordinateOf(node: OperatorNode): string {
  return node.opset < 11
    ? 'asymmetric'
    : stringOf(node, 'coordinate_transformation_mode', 'half_pixel')
}

function nearestOf(node: OperatorNode): string {
  return node.opset < 11
    ? 'floor'
    : stringOf(node, 'nearest_mode', 'round_prefer_floor')
}

/** Sizes and exact scales of all axes, from constant scales or sizes (C5). */
function axesOf(node: OperatorNode, dims: readonly number[]): Axis[] {
  const filled = (list: number[] | undefined) =>
    list === undefined || list.length === 0 ? undefined : list
  const scales = filled(constantOf(node, node.opset < 11 ? 1 : 2))
  const sizes = node.opset < 11 ? undefined : filled(constantOf(node, 3))
  if (stringOf(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    throw new OperatorError('Resize that keeps the aspect ratio has no checker')
  const given = scales ?? sizes
  const named =
    intsOf(node, 'axes')?.map((axis) => axisOf(node, axis, dims.length)) ??
    dims.map((_, axis) => axis)
  if (given?.length !== named.length)
    throw new OperatorError(`${node.operator}: scales do not match the axes`)
  return dims.map((from, axis) => {
    const value = given[named.indexOf(axis)]
    if (value === undefined) return { from, to: from, scale: 1 }
    const scale = scales === undefined ? value / from : value
    const to = scales === undefined ? value : Math.floor(from * scale)
    const whole = Number.isInteger(scale) && scale >= 1
    const halved = Number.isInteger(Math.log2(scale)) && scale > 0 && scale < 1
    if ((!whole && !halved) || to < 1)
      throw new OperatorError(
        `${node.operator}: axis ${axis} is scaled by ${scale}; only whole factors and inverses of powers of two have a checker (C4)`,
      )
    return { from, to, scale }
  })
}

function mapOf(
  node: OperatorNode,
  { from, to, scale }: Axis,
  coordinate: string,
): Affine {
  const same = { factor: 1, offset: 0, divisor: 1 }
  const first = { factor: 0, offset: 0, divisor: 1 }
  // p / scale as (n p) / d
  const n = scale < 1 ? 1 / scale : 1
  const d = scale < 1 ? 1 : scale
  const half = { factor: 2 * n, offset: n - d, divisor: 2 * d }
  if (scale === 1) return same
  switch (coordinate) {
    case 'asymmetric':
      return { factor: n, offset: 0, divisor: d }
    case 'half_pixel':
      return half
    case 'half_pixel_symmetric':
      if (to === from * scale) return half
      break
    case 'pytorch_half_pixel':
      return to > 1 ? half : first
    case 'tf_half_pixel_for_nn':
      return { factor: 2 * n, offset: n, divisor: 2 * d }
    case 'align_corners':
      return to > 1 ? { factor: from - 1, offset: 0, divisor: to - 1 } : first
  }
  throw new OperatorError(
    `${node.operator}: coordinates ${coordinate} have no checker`,
  )
}

/** The map whose floor is the nearest input position. */
function rounded({ factor, offset, divisor }: Affine, nearest: string): Affine {
  switch (nearest) {
    case 'floor':
      return { factor, offset, divisor }
    case 'ceil':
      return { factor, offset: offset + divisor - 1, divisor }
    case 'round_prefer_floor':
      return {
        factor: 2 * factor,
        offset: 2 * offset + divisor - 1,
        divisor: 2 * divisor,
      }
    case 'round_prefer_ceil':
      return {
        factor: 2 * factor,
        offset: 2 * offset + divisor,
        divisor: 2 * divisor,
      }
    default:
      throw new OperatorError(`Resize: nearest mode ${nearest} is unknown`)
  }
}

/** In lowest terms, so that a divisor that is a power of two shows as one. */
function reduced({ factor, offset, divisor }: Affine): Affine {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  const common = gcd(gcd(divisor, factor), Math.abs(offset))
  return {
    factor: factor / common,
    offset: offset / common,
    divisor: divisor / common,
  }
}
