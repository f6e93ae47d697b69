import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import {
  type Random,
  randomOf,
  type VectorCase,
  vectorFile,
} from '../vectors/operatorVectors.js'
import { checkerOf, operatorOf } from './index.js'
import type {
  ElementQuery,
  InputType,
  Operand,
  OperatorAttribute,
  OperatorForm,
  OperatorNode,
  Range,
} from './operator.js'
import { countOf } from './shape.js'

// Writes the vectors with UPDATE_VECTORS=1; otherwise the committed ones must be
// what the twins say now.

const folder = new URL('../../src/vectors/operators/', import.meta.url)
const perOperator = 120

type Recipe = {
  operator: string
  /** Name of the file; default the operator's. */
  file?: string
  inputs: (random: Random) => (InputType | undefined)[]
  attributes?: (random: Random, rank: number) => [string, OperatorAttribute][]
  outputs?: number
  opset?: number
  /** No derived operands, and calmer ones (B5). */
  committed?: boolean
  /** Integers near 0, as indices are. */
  near?: boolean
  /** Bit patterns of a float operand worth more attention than random ones. */
  around?: readonly number[]
}

const pick = <T>(random: Random, list: readonly T[]): T =>
  list[random() % list.length] as T

function dimsOf(random: Random, rank: number): number[] {
  return Array.from({ length: rank }, () => 1 + (random() % 4))
}

/** Some axes 1 or missing, so that it broadcasts to `dims`. */
function narrowed(random: Random, dims: readonly number[]): number[] {
  return dims
    .slice(random() % (dims.length + 1))
    .map((dim) => (random() % 3 === 0 ? 1 : dim))
}

function permOf(random: Random, rank: number): number[] {
  const perm = Array.from({ length: rank }, (_, k) => k)
  for (let k = rank - 1; k > 0; k--) {
    const other = random() % (k + 1)
    ;[perm[k], perm[other]] = [perm[other] as number, perm[k] as number]
  }
  return perm
}

const special = [
  0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x807fffff, 0x00800000, 0x80800000,
  0x3f800000, 0xbf800000, 0x3f000000, 0x40400000, 0xc0400000, 0x7f7fffff,
  0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7e800000, 0x33800000,
]

function floatBits(random: Random, around: readonly number[]): number {
  const kind = random() % 8
  if (kind === 0) return pick(random, special)
  if (kind === 1) return random()
  if (kind === 2 && around.length > 0)
    return (pick(random, around) + (random() % 9) - 4) >>> 0
  // Magnitudes of 2^-8 to 2^7, where the functions are interesting.
  return (
    (((random() & 1) << 31) |
      ((119 + (random() % 16)) << 23) |
      (random() >>> 9)) >>>
    0
  )
}

function operandOf(
  random: Random,
  dtype: number,
  count: number,
  { around = [], committed = false, near = false }: Recipe,
): Operand {
  if (dtype === 1 && !committed && random() % 5 === 0) {
    const derived = Array.from({ length: count }, () => {
      const key = (bits: number) =>
        BigInt(bits < 0x80000000 ? bits : 0x80000000 - bits)
      const cap = (k: bigint) =>
        k > 0x7f800000n ? 0x7f800000n : k < -0x7f800000n ? -0x7f800000n : k
      const low = cap(key(floatBits(random, around)))
      const kind = random() % 8
      if (kind === 0) return { kind: 'any', low: 0n, high: 0n } as const
      const high = cap(low + BigInt(random() % 2 ? random() % 64 : random()))
      return { kind: 'float', low, high } as const
    })
    return { data: new Uint8Array(0), derived }
  }
  const size =
    dtype === 10
      ? 2
      : dtype === 1 || dtype === 6
        ? 4
        : dtype === 7 || dtype === 11
          ? 8
          : 1
  const data = new Uint8Array(size * count)
  const view = new DataView(data.buffer)
  for (let i = 0; i < count; i++) {
    if (dtype === 1) view.setUint32(4 * i, floatBits(random, around), true)
    else if (dtype === 10) view.setUint16(2 * i, random(), true)
    else if (dtype === 9) data[i] = random() % 5 === 0 ? 2 : random() & 1
    else {
      const value =
        near && random() % 16
          ? BigInt(random() % 3) - 1n
          : random() % 2
            ? BigInt(random() % 9) - 4n
            : BigInt(random()) << 31n
      for (let k = 0; k < size; k++)
        data[size * i + k] = Number((value >> BigInt(8 * k)) & 255n)
    }
  }
  return { data, derived: [] }
}

/** Ordinary logits, with a masked one now and then. */
function calmRow(random: Random, count: number): Operand {
  const data = new Uint8Array(4 * count)
  const view = new DataView(data.buffer)
  for (let i = 0; i < count; i++) {
    const value = random() % 16 ? random() / 2 ** 28 - 8 : -Infinity
    view.setFloat32(4 * i, value, true)
  }
  return { data, derived: [] }
}

function caseOf(
  recipe: Recipe,
  random: Random,
  arithmetic: Arithmetic,
): VectorCase {
  const inputs = recipe.inputs(random)
  const rank = inputs[0]?.dims.length ?? 0
  const node: OperatorNode = {
    operator: recipe.operator,
    opset: recipe.opset ?? 17,
    attributes: new Map(recipe.attributes?.(random, rank) ?? []),
    inputs,
    outputs: recipe.outputs ?? 1,
  }
  const operator = operatorOf(recipe.operator)
  if (operator === undefined) throw new Error(`no operator ${recipe.operator}`)
  const form = operator.form(node)
  const typed = ({ dtype, dims }: InputType) => ({
    dtype,
    dims,
    perm: permOf(random, dims.length),
  })
  const outputs = form.outputs.map((type) => typed(type))
  const output = random() % outputs.length
  const query = {
    opcode: form.opcode,
    attributes: form.attributes,
    inputs: form.inputs.map((i) => {
      const input = inputs[i]
      return input && typed(input)
    }),
    outputs,
    output,
    element: random() % countOf(outputs[output]?.dims ?? []),
    arithmetic,
  }
  const checker = checkerOf(form.opcode)
  const ranges = checker?.ranges(query) ?? []
  const operands = operandsFor(recipe, random, inputs, form, query, ranges)
  // Sums behind derived operands, without another random number.
  const sums = [0, 1, 9, 576, 65_535]
  const fused = operands.some(({ derived }) => derived.length > 0)
    ? sums[(query.element + operands.length) % sums.length]
    : 0
  const more = checker?.dependentRanges?.(query, operands)
  if (more === undefined) return { query: { ...query, fused }, operands }
  const rest = operandsFor(recipe, random, inputs, form, query, more)
  return {
    query: { ...query, fused },
    operands: operands.map((operand, i) =>
      more.some((range) => range.operand === i)
        ? (rest[i] as Operand)
        : operand,
    ),
  }
}

function operandsFor(
  recipe: Recipe,
  random: Random,
  inputs: readonly (InputType | undefined)[],
  form: OperatorForm,
  query: ElementQuery,
  ranges: readonly Range[],
): Operand[] {
  return query.inputs.map((input, i): Operand => {
    const count = ranges
      .filter(({ operand }) => operand === i)
      .reduce((n, range) => n + range.count, 0)
    if (input === undefined || count === 0)
      return { data: new Uint8Array(0), derived: [] }
    const constant = inputs[form.inputs[i] as number]?.constant
    if (constant === undefined)
      return recipe.committed && input.dtype === 1 && random() % 4
        ? calmRow(random, count)
        : operandOf(random, input.dtype, count, recipe)
    const data = new Uint8Array(4 * count)
    new DataView(data.buffer).setFloat32(0, Number(constant[0]), true)
    return { data, derived: [] }
  })
}

const float = (dims: number[]): InputType => ({ dtype: 1, dims })
const ints = (values: number[]): InputType => ({
  dtype: 7,
  dims: [values.length],
  constant: values.map(BigInt),
})
const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})

type Named = [string, OperatorAttribute]

const text = (value: string): OperatorAttribute => ({ type: 'string', value })
const scales = (constant: number[]): InputType => ({
  dtype: 1,
  dims: [constant.length],
  constant,
})
const nearest = ['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil']
const coordinates = [
  'asymmetric',
  'half_pixel',
  'pytorch_half_pixel',
  'tf_half_pixel_for_nn',
  'align_corners',
]

/** One input with rows to rank, ties among them. */
function rows(types: readonly InputType['dtype'][]) {
  return (random: Random): InputType[] => [
    {
      dtype: pick(random, types),
      dims: [...dimsOf(random, random() % 3), pick(random, [1, 2, 7, 20])],
    },
  ]
}

/** Inputs that broadcast together, mostly float32. */
function broadcast(count: number, integer: boolean) {
  return (random: Random): InputType[] => {
    const dtype = integer ? pick(random, [1, 1, 1, 6, 7, 3, 2] as const) : 1
    const dims = dimsOf(random, random() % 5)
    return Array.from({ length: count }, (_, k) => ({
      dtype,
      dims: k === 0 ? dims : narrowed(random, dims),
    }))
  }
}

/** One input of any movable type. */
function movable(least: number) {
  return (random: Random): InputType => ({
    dtype: pick(random, [1, 1, 1, 6, 7, 3, 9] as const),
    dims: dimsOf(random, least + (random() % (6 - least))),
  })
}

const recipes: Recipe[] = [
  ...['Add', 'Sub', 'Mul'].map((operator) => ({
    operator,
    inputs: broadcast(2, true),
  })),
  { operator: 'Div', inputs: broadcast(2, false) },
  ...['Neg', 'Abs'].map((operator) => ({
    operator,
    inputs: broadcast(1, true),
  })),
  ...['Min', 'Max'].map((operator) => ({
    operator,
    inputs: broadcast(3, true),
  })),
  ...['Sum', 'Mean'].map((operator) => ({
    operator,
    inputs: broadcast(3, false),
  })),
  { operator: 'Reciprocal', inputs: broadcast(1, false) },
  ...['Sqrt', 'Exp', 'Log', 'Erf', 'Tanh', 'Sigmoid', 'Softplus'].map(
    (operator) => ({
      operator,
      inputs: broadcast(1, false),
      around: [0x42b17218, 0xc2aeac50, 0x40c00000, 0x35800000, 0x3f800000],
    }),
  ),
  {
    operator: 'Pow',
    inputs: (random) => {
      const p = [
        0, 1, 2, 3, -1, -2, 0.5, -0.5, 4, 7, -3, 16, 1.7, -0.3, 33, 2.5,
      ]
      const constant = [pick(random, p)]
      return [float(dimsOf(random, 2)), { dtype: 1, dims: [], constant }]
    },
  },
  {
    operator: 'Relu',
    inputs: broadcast(1, true),
  },
  ...['HardSwish', 'Floor', 'Ceil', 'Round', 'Sign'].map((operator) => ({
    operator,
    inputs: broadcast(1, false),
    around: [
      0xbfc00000, 0xc0400000, 0x40400000, 0x3f000000, 0x4b000000, 0x3fc00000,
    ],
  })),
  {
    operator: 'Softmax',
    committed: true,
    inputs: (random) => [
      float([...dimsOf(random, 1 + (random() % 3)), pick(random, [1, 7, 20])]),
    ],
    attributes: (random, rank) => [['axis', int((random() % rank) - rank)]],
  },
  {
    operator: 'Where',
    inputs: (random) => {
      const { dtype, dims } = movable(0)(random)
      return [
        { dtype: 9, dims: narrowed(random, dims) },
        { dtype, dims },
        { dtype, dims: narrowed(random, dims) },
      ]
    },
  },
  {
    operator: 'Cast',
    inputs: (random) => {
      const { dtype, dims } = movable(1)(random)
      return [{ dtype: random() % 4 ? dtype : 10, dims }]
    },
    attributes: (random) => [['to', int(pick(random, [1, 2, 3, 6, 7, 9, 10]))]],
    around: [0x38800000, 0x33000000, 0x33800000, 0x477ff000, 0x3f801000],
  },
  ...['Not', 'And', 'Or', 'Xor'].map((operator) => ({
    operator,
    inputs: (random: Random): InputType[] => {
      const dims = dimsOf(random, random() % 3)
      const input = { dtype: 9 as const, dims }
      return operator === 'Not' ? [input] : [input, input]
    },
  })),
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map(
    (operator) => ({
      operator,
      inputs: broadcast(2, true),
      around: [0, 0x3f800000],
    }),
  ),
  { operator: 'PRelu', inputs: broadcast(2, false) },
  ...['LeakyRelu', 'Elu'].map((operator) => ({
    operator,
    inputs: broadcast(1, false),
    attributes: (random: Random): [string, OperatorAttribute][] => [
      ['alpha', { type: 'float', value: pick(random, [0.01, 1, -0.3, 2.5]) }],
    ],
  })),
  {
    operator: 'HardSigmoid',
    inputs: broadcast(1, false),
    attributes: (random) => [
      ['alpha', { type: 'float', value: pick(random, [0.2, 1 / 6, -0.5]) }],
      ['beta', { type: 'float', value: pick(random, [0.5, 0.6, 1e-40]) }],
    ],
    around: [0x40400000, 0xc0400000, 0x40200000, 0xc0200000],
  },
  {
    operator: 'Gelu',
    inputs: broadcast(1, false),
    attributes: (random) => [
      [
        'approximate',
        { type: 'string', value: pick(random, ['none', 'tanh']) },
      ],
    ],
    around: [0xbf407000, 0xbf40a000, 0x40c00000],
  },
  {
    operator: 'Clip',
    inputs: (random) => {
      const dtype = pick(random, [1, 1, 1, 6, 7] as const)
      const limit = (value: number): InputType => ({
        dtype,
        dims: [],
        constant: [value],
      })
      return [
        { dtype, dims: dimsOf(random, 2) },
        random() % 4 ? limit(-1) : undefined,
        random() % 4 ? limit(6) : undefined,
      ]
    },
  },
  { operator: 'Identity', inputs: (random) => [movable(0)(random)] },
  {
    operator: 'Reshape',
    inputs: (random) => {
      const input = movable(0)(random)
      const count = countOf(input.dims)
      return [
        input,
        ints(pick(random, [[-1], [1, -1], [...input.dims, 1], [count, 1, 1]])),
      ]
    },
  },
  {
    operator: 'Transpose',
    inputs: (random) => [movable(1)(random)],
    attributes: (random, rank) => [
      ['perm', { type: 'ints', value: permOf(random, rank).map(BigInt) }],
    ],
  },
  {
    operator: 'Concat',
    inputs: (random) => {
      const { dtype, dims } = movable(2)(random)
      const other = (k: number) => [dims[0] as number, k, ...dims.slice(2)]
      return [
        { dtype, dims },
        { dtype, dims: other(1) },
        { dtype, dims: other(5) },
      ]
    },
    attributes: () => [['axis', int(1)]],
  },
  {
    operator: 'Slice',
    inputs: (random) => {
      const input = movable(2)(random)
      return random() & 1
        ? [
            input,
            ints([-1, -1]),
            ints([-99, -99]),
            ints([0, 1]),
            ints([-1, -2]),
          ]
        : [input, ints([-2, 0]), ints([99, 99]), ints([-1, 0]), ints([1, 2])]
    },
  },
  {
    operator: 'Gather',
    inputs: (random) => {
      const input = movable(2)(random)
      const last = (input.dims[1] as number) - 1
      const constant = [0, last, last >> 1, -1].map(BigInt)
      return [
        input,
        pick(random, [
          { dtype: 7, dims: [2, 2], constant },
          { dtype: 7, dims: [], constant: constant.slice(1, 2) },
          { dtype: 7, dims: [4], constant },
        ]),
      ]
    },
    attributes: () => [['axis', int(1)]],
  },
  {
    // Indices from data: small numbers, in range or a little outside.
    operator: 'Gather',
    file: 'gatherbydata',
    inputs: (random) => [
      movable(2)(random),
      {
        dtype: pick(random, [6, 7] as const),
        dims: dimsOf(random, random() % 3),
      },
    ],
    attributes: () => [['axis', int(1)]],
  },
  {
    operator: 'Pad',
    inputs: (random) => {
      const dims = dimsOf(random, 2).map((dim) => dim + 2)
      const widths = Array.from({ length: 4 }, () => random() % 3)
      const value = { dtype: 1, dims: [], constant: [-1.5] } as const
      return [float(dims), ints(widths), value]
    },
    attributes: (random) => [
      [
        'mode',
        {
          type: 'string',
          value: pick(random, ['constant', 'reflect', 'edge', 'wrap']),
        },
      ],
    ],
  },
  {
    operator: 'Expand',
    inputs: (random) => {
      const dims = dimsOf(random, random() % 6)
      const { dtype } = movable(1)(random)
      return [{ dtype, dims: narrowed(random, dims) }, ints(dims)]
    },
  },
  {
    operator: 'Tile',
    inputs: (random) => {
      const input = movable(1)(random)
      return [input, ints(input.dims.map(() => 1 + (random() % 3)))]
    },
  },
  {
    operator: 'Split',
    outputs: 3,
    inputs: (random) => {
      const { dtype, dims } = movable(2)(random)
      return [
        { dtype, dims: [dims[0] as number, 6, ...dims.slice(2)] },
        ints([1, 3, 2]),
      ]
    },
    attributes: () => [['axis', int(1)]],
  },
  ...['IsNaN', 'IsInf'].map((operator) => ({
    operator,
    inputs: broadcast(1, false),
  })),
  {
    operator: 'DepthToSpace',
    inputs: (random) => {
      const { dtype, dims } = movable(4)(random)
      const [n, c, y, x] = dims as [number, number, number, number]
      return [{ dtype, dims: [n, 4 * c, y, x] }]
    },
    attributes: (random) => [
      ['blocksize', int(2)],
      ['mode', { type: 'string', value: pick(random, ['DCR', 'CRD']) }],
    ],
  },
  {
    operator: 'SpaceToDepth',
    inputs: (random) => {
      const { dtype, dims } = movable(4)(random)
      const [n, c, y, x] = dims as [number, number, number, number]
      return [{ dtype, dims: [n, c, 3 * y, 3 * x] }]
    },
    attributes: () => [['blocksize', int(3)]],
  },
  {
    operator: 'Resize',
    inputs: (random) => {
      const { dtype } = movable(1)(random)
      const dims = [1, 2, 2 + (random() % 6), 1 + (random() % 5)]
      const y = pick(random, [1, 2, 3, 7, 0.5])
      return [{ dtype, dims }, undefined, scales([1, 1, y, 1 + (random() % 4)])]
    },
    attributes: (random) => [
      ['coordinate_transformation_mode', text(pick(random, coordinates))],
      ['nearest_mode', text(pick(random, nearest))],
    ],
  },
  {
    operator: 'Resize',
    file: 'resizelinear',
    committed: true,
    inputs: (random) => {
      const dims = [1, 2, 2 + (random() % 6), 1 + (random() % 5)]
      const y = pick(random, [1, 2, 3, 4, 0.5])
      return [float(dims), undefined, scales([1, 1, y, 1 + (random() % 4)])]
    },
    attributes: (random) => [
      ['mode', text('linear')],
      ['coordinate_transformation_mode', text(pick(random, coordinates))],
    ],
  },
  ...['ArgMax', 'ArgMin'].map((operator) => ({
    operator,
    committed: true,
    inputs: rows([1, 1, 1, 6, 3, 2]),
    attributes: (random: Random, rank: number): Named[] => [
      ['axis', int((random() % rank) - rank)],
      ['keepdims', int(random() & 1)],
      ['select_last_index', int(random() & 1)],
    ],
  })),
  ...['ReduceMax', 'ReduceMin'].map((operator) => ({
    operator,
    committed: true,
    inputs: (random: Random): InputType[] => {
      const dims = dimsOf(random, 1 + (random() % 5))
      const axes = dims.flatMap((_, k) =>
        random() & 1 ? [k - (random() & 1 ? dims.length : 0)] : [],
      )
      const dtype = pick(random, [1, 1, 1, 6, 7, 3, 2, 9] as const)
      return [{ dtype, dims }, ints(axes)]
    },
    opset: 18,
    attributes: (random: Random): Named[] => [['keepdims', int(random() & 1)]],
  })),
  {
    operator: 'CumSum',
    committed: true,
    inputs: (random) => {
      const dims = [...dimsOf(random, random() % 5), 1 + (random() % 20)]
      const axis = (random() % dims.length) - (random() & 1 ? dims.length : 0)
      return [{ dtype: pick(random, [1, 1, 1, 6, 7]), dims }, ints([axis])]
    },
    attributes: (random) => [
      ['exclusive', int(random() & 1)],
      ['reverse', int(random() & 1)],
    ],
  },
  {
    operator: 'TopK',
    outputs: 2,
    committed: true,
    inputs: (random) => {
      const [x] = rows([1, 1, 1, 6, 7])(random)
      if (x === undefined) throw new RangeError('no row')
      return [x, ints([1 + (random() % (x.dims.at(-1) ?? 1))])]
    },
    attributes: (random) => [['largest', int(random() & 1)]],
  },
  {
    operator: 'GatherElements',
    near: true,
    inputs: (random) => {
      const { dtype, dims } = movable(1)(random)
      const own = dims.map((dim, k) => (k === 0 ? 3 : 1 + (random() % dim)))
      return [
        { dtype, dims },
        { dtype: pick(random, [6, 7]), dims: own },
      ]
    },
  },
  {
    operator: 'GatherND',
    near: true,
    inputs: (random) => {
      const dims = [2, 2, 3, 3, 2].slice(random() % 3)
      const { dtype } = movable(1)(random)
      const named = dims.length === 5 ? 2 : 1
      return [
        { dtype, dims },
        { dtype: 7, dims: [dims[0] as number, 2, named] },
      ]
    },
    attributes: (random, rank) => [
      ['batch_dims', int(rank === 3 ? random() & 1 : 0)],
    ],
  },
  {
    operator: 'ScatterElements',
    near: true,
    inputs: (random) => {
      const { dtype, dims } = movable(1)(random)
      const own = dims.map((dim, k) => (k === 0 ? 3 : 1 + (random() % dim)))
      return [
        { dtype, dims },
        { dtype: pick(random, [6, 7]), dims: own },
        { dtype, dims: own },
      ]
    },
  },
  {
    operator: 'ScatterND',
    near: true,
    inputs: (random) => {
      const dims = [2, 2, 3, 3].slice(random() % 3)
      const { dtype } = movable(1)(random)
      const named = dims[0] === dims[1] ? 1 + (random() & 1) : 1
      return [
        { dtype, dims },
        { dtype: 7, dims: [2, 2, named] },
        { dtype, dims: [2, 2, ...dims.slice(named)] },
      ]
    },
  },
]

test.each(
  recipes.map((recipe) => [recipe.file ?? recipe.operator, recipe] as const),
)('vectors of %s', (name, recipe) => {
  const seed = [...name].reduce((n, c) => n * 31 + c.charCodeAt(0), 7)
  const random = randomOf(seed | 0)
  const cases = Array.from({ length: perOperator }, (_, i) =>
    caseOf(recipe, random, i % 2 ? arithmetics.wgsl : arithmetics.plain),
  )
  const file = new URL(`${name.toLowerCase()}.json`, folder)
  const text = vectorFile(cases)
  if (process.env['UPDATE_VECTORS'] === '1') {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text)
  }
  expect(readFileSync(file, 'utf8')).toBe(text)
})
