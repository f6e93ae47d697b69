import type { Dtype } from '../types/tensorType.js'
import {
  anyFloat,
  between,
  bitsOf,
  calmFloat,
  dimsOf,
  int,
  ints,
  type NumericInput,
  type NumericRecipe,
  pick,
  scaleOf,
} from './numericCases.js'
import type { Random } from './operatorVectors.js'

// Random nodes of the quantised operators.

const bytes: readonly Dtype[] = [2, 3]

/** Scale and zero point for all, an axis, or blocks of it. */
function parameters(
  random: Random,
  dims: readonly number[],
  dtype: Dtype,
): {
  scale: NumericInput
  zero: NumericInput | undefined
  attributes: Record<string, ReturnType<typeof int>>
} {
  const axis = random() % dims.length
  const size = dims[axis] as number
  const kind = random() % 3
  const block = pick(random, [2, 3])
  const shape =
    kind === 0
      ? []
      : kind === 1
        ? [size]
        : dims.map((dim, k) => (k === axis ? Math.ceil(dim / block) : dim))
  const zero =
    random() % 4 === 0
      ? undefined
      : {
          dtype,
          dims: shape,
          ...(dtype === 6 ? { draw: () => 0n } : {}),
        }
  const attributes = {
    axis: int(random() & 1 ? axis : axis - dims.length),
    ...(kind === 2 ? { block_size: int(block) } : {}),
  }
  return { scale: { dtype: 1, dims: shape, draw: scaleOf }, zero, attributes }
}

/** Values near ties of a scale of 1/2, and anything. */
function nearTies(random: Random): bigint {
  const kind = random() % 4
  if (kind === 0) return anyFloat(random)
  if (kind === 1) return bitsOf(between(random, -600, 600) / 4)
  return calmFloat(random)
}

/** Operand types whose products are exact on all CPUs, with weights to match. */
function factors(random: Random): {
  a: Dtype
  b: Dtype
  constant: boolean
  draw?: (random: Random) => bigint
} {
  const kind = random() % 3
  if (kind === 2)
    return {
      a: 2,
      b: 3,
      constant: true,
      draw: (own) => BigInt.asUintN(8, BigInt(between(own, -64, 64))),
    }
  const dtype = kind === 0 ? 2 : 3
  return { a: dtype, b: dtype, constant: false }
}

function matrices(random: Random) {
  const depth = pick(random, [1, 3, 31, 32, 33, 64, 70])
  const batch = [between(random, 1, 3), between(random, 1, 2)]
  const columns = between(random, 1, 4)
  const some = () =>
    batch
      .map((dim) => (random() % 3 === 0 ? 1 : dim))
      .slice(between(random, 0, 2))
  const vector = random() % 6 === 0
  return {
    left:
      random() % 6 === 0 ? [depth] : [...some(), between(random, 1, 3), depth],
    right: vector ? [depth] : [...some(), depth, columns],
    columns: vector ? 1 : columns,
  }
}

function convolution(random: Random) {
  const rank = between(random, 1, 2)
  const group = pick(random, [1, 1, 2, 4])
  const perGroup = group === 4 ? 1 : between(random, 1, 5)
  const filters = group * between(random, 1, 3)
  const kernel = Array.from({ length: rank }, () => between(random, 1, 3))
  const each = (low: number, high: number) =>
    ints(kernel.map(() => between(random, low, high)))
  return {
    x: [
      between(random, 1, 2),
      group * perGroup,
      ...kernel.map(() => between(random, 5, 7)),
    ],
    w: [filters, perGroup, ...kernel],
    filters,
    attributes: {
      group: int(group),
      strides: each(1, 2),
      dilations: each(1, 2),
      pads: ints([...kernel, ...kernel].map((k) => random() % k)),
    },
  }
}

/** Zero points of a MatMulInteger or ConvInteger: both, one, none. */
function zeros(
  random: Random,
  a: Dtype,
  b: Dtype,
  columns: number,
): (NumericInput | undefined)[] {
  const first = random() & 1 ? { dtype: a, dims: [] } : undefined
  const second =
    random() & 1
      ? { dtype: b, dims: random() & 1 ? [columns] : [1] }
      : undefined
  return [first, second]
}

/** The eight inputs that QLinearMatMul and QLinearConv share. */
function linear(
  random: Random,
  x: readonly number[],
  w: readonly number[],
  columns: number,
): NumericInput[] {
  const { a, b, constant, draw } = factors(random)
  const own = random() & 1 ? [columns] : []
  const scale = (dims: readonly number[]): NumericInput => ({
    dtype: 1,
    dims,
    draw: scaleOf,
  })
  return [
    { dtype: a, dims: x },
    scale([]),
    { dtype: a, dims: [] },
    { dtype: b, dims: w, constant, ...(draw ? { draw } : {}) },
    scale(own),
    { dtype: b, dims: own },
    scale(pick(random, [[], [1]])),
    { dtype: pick(random, bytes), dims: [] },
  ]
}

export const quantisedRecipes: readonly NumericRecipe[] = [
  {
    name: 'QuantizeLinear',
    derived: true,
    node(random) {
      const dims = dimsOf(random, between(random, 1, 4), 5)
      const dtype = pick(random, bytes)
      const { scale, zero, attributes } = parameters(random, dims, dtype)
      return {
        inputs: [{ dtype: 1, dims, draw: nearTies }, scale, zero],
        attributes: zero
          ? attributes
          : { ...attributes, output_dtype: int(dtype) },
      }
    },
  },
  {
    name: 'DequantizeLinear',
    derived: true,
    node(random) {
      const dims = dimsOf(random, between(random, 1, 4), 5)
      const dtype = pick(random, [2, 3, 6] as const)
      const { scale, zero, attributes } = parameters(random, dims, dtype)
      return { inputs: [{ dtype, dims }, scale, zero], attributes }
    },
  },
  {
    name: 'MatMulInteger',
    node(random) {
      const { left, right, columns } = matrices(random)
      const { a, b, ...weights } = factors(random)
      return {
        inputs: [
          { dtype: a, dims: left },
          { dtype: b, dims: right, ...weights },
          ...zeros(random, a, b, columns),
        ],
      }
    },
  },
  {
    name: 'ConvInteger',
    node(random) {
      const { x, w, attributes } = convolution(random)
      const { a, b, ...weights } = factors(random)
      return {
        attributes,
        inputs: [
          { dtype: a, dims: x },
          { dtype: b, dims: w, ...weights },
          ...zeros(random, a, b, 1),
        ],
      }
    },
  },
  {
    name: 'QLinearMatMul',
    node(random) {
      const { left, right, columns } = matrices(random)
      return { inputs: linear(random, left, right, columns) }
    },
  },
  {
    name: 'QLinearConv',
    node(random) {
      const { x, w, filters, attributes } = convolution(random)
      const bias: NumericInput = {
        dtype: 6,
        dims: [filters],
        constant: true,
        draw: (own) =>
          BigInt.asUintN(
            32,
            BigInt(pick(own, [0, -5000, 70_000, 2_100_000_000])),
          ),
      }
      return {
        attributes,
        inputs: [
          ...linear(random, x, w, filters),
          random() & 1 ? bias : undefined,
        ],
      }
    },
  },
]
