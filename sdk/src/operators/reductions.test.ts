import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { vectorFile } from '../vectors/operatorVectors.js'
import { roundingsOf } from './exactDot.js'
import {
  bitsOfNumber,
  decompose,
  isFiniteBits,
  isNaNBits,
  keyOf,
  minNormal,
  numberOfBits,
} from './float32.js'
import { checkerOf, operatorOf } from './index.js'
import type {
  ElementQuery,
  InputType,
  Operand,
  OperatorAttribute,
} from './operator.js'
import { committedIndexOf, coordinatesOf, countOf, logicalAt } from './shape.js'

// Honest machines against the checkers of reductions. The reference of each
// operator is written from the ONNX text over logical indices, so that it shares
// nothing with `ranges`.

/** xorshift32: the same cases on every machine. */
class Random {
  constructor(private state: number) {}
  bits(): number {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x
    return x >>> 0
  }
  int(low: number, high: number): number {
    return low + (this.bits() % (high - low + 1))
  }
  pick<T>(list: readonly T[]): T {
    return list[this.bits() % list.length] as T
  }
  unit(): number {
    return this.bits() / 2 ** 32
  }
}

/** One element as a sum of products, times `scale`, plus further products. */
type Reference = {
  terms: [number, number][]
  divisor?: number
  alpha?: number
  extra?: [number, number]
}

type Recipe = {
  operator: string
  node(random: Random): {
    attributes: [string, OperatorAttribute][]
    inputs: (InputType | undefined)[]
    opset?: number
  }
  /** The terms of the element at `at`, from the logical contents. */
  reference(
    at: number[],
    tensors: { dims: readonly number[]; bits: Uint32Array }[],
    attribute: (name: string) => number[],
    inputs: (InputType | undefined)[],
  ): Reference
}

const contents = {
  plain: (random) => Math.fround(2 * random.unit() - 1),
  positive: (random) => Math.fround(random.unit()),
  wide: (random) =>
    numberOfBits(
      (((random.bits() & 1) << 31) |
        (random.int(90, 170) << 23) |
        (random.bits() >>> 9)) >>>
        0,
    ),
  tiny: (random) =>
    numberOfBits(
      (((random.bits() & 1) << 31) |
        (random.int(0, 3) << 23) |
        (random.bits() >>> 9)) >>>
        0,
    ),
  /** Products near 2^-126. */
  underflow: (random) =>
    numberOfBits(
      (((random.bits() & 1) << 31) |
        (random.int(55, 68) << 23) |
        (random.bits() >>> 9)) >>>
        0,
    ),
  constant: () => Math.fround(0.1),
  integers: (random) => random.int(-8, 8),
  cancelling: (random) => random.pick([1e10, -1e10, 1, -1, 1e-6]),
  zeros: (random) => random.pick([0, -0, 1]),
} satisfies Record<string, (random: Random) => number>

const float = (dims: number[]): InputType => ({ dtype: dtypes.float32, dims })
const ints = (values: number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})
const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const real = (value: number): OperatorAttribute => ({ type: 'float', value })

/** Every list of indices below `dims`. */
function* everyIndex(dims: readonly number[]): Generator<number[]> {
  for (let i = 0; i < countOf(dims); i++) yield coordinatesOf(dims, i)
}

function valueAt(
  tensor: { dims: readonly number[]; bits: Uint32Array } | undefined,
  at: readonly number[],
): number {
  if (tensor === undefined) throw new Error('no tensor')
  return numberOfBits(tensor.bits[logicalAt(tensor.dims, at)] as number)
}

const recipes: Recipe[] = [
  {
    operator: 'Conv',
    node(random) {
      const rank = random.int(1, 3)
      const group = random.pick([1, 1, 2, 4])
      const depthwise = group === 4
      const perGroup = depthwise ? 1 : random.int(1, 5)
      const filters = group * random.int(1, 3)
      const kernel = Array.from({ length: rank }, () => random.int(1, 3))
      const sizes = kernel.map(() => random.int(5, 8))
      const bias = random.int(0, 1) === 1
      return {
        attributes: [
          ['group', int(group)],
          ['strides', ints(kernel.map(() => random.int(1, 2)))],
          ['dilations', ints(kernel.map(() => random.int(1, 2)))],
          [
            'pads',
            ints([...kernel, ...kernel].map((k) => random.int(0, k - 1))),
          ],
        ],
        inputs: [
          float([random.int(1, 2), group * perGroup, ...sizes]),
          float([filters, perGroup, ...kernel]),
          ...(bias ? [float([filters])] : []),
        ],
      }
    },
    reference(at, [x, w, bias], attribute) {
      const [batch = 0, filter = 0, ...position] = at
      const [filters = 0, perGroup = 0, ...kernel] = w?.dims ?? []
      const [group] = attribute('group') as [number]
      const first = Math.floor(filter / (filters / group)) * perGroup
      const terms: [number, number][] = []
      for (const [channel, ...k] of everyIndex([perGroup, ...kernel])) {
        const cell = k.map(
          (step, axis) =>
            (position[axis] as number) *
              (attribute('strides')[axis] as number) +
            step * (attribute('dilations')[axis] as number) -
            (attribute('pads')[axis] as number),
        )
        const inside = cell.every(
          (c, axis) => c >= 0 && c < (x?.dims[axis + 2] as number),
        )
        if (!inside) continue
        terms.push([
          valueAt(x, [batch, first + (channel as number), ...cell]),
          valueAt(w, [filter, channel as number, ...k]),
        ])
      }
      if (bias !== undefined) terms.push([valueAt(bias, [filter]), 1])
      return { terms }
    },
  },
  {
    operator: 'ConvTranspose',
    node(random) {
      const rank = random.int(1, 2)
      const group = random.pick([1, 1, 2])
      const channels = group * random.int(1, 4)
      const perGroup = random.int(1, 3)
      const kernel = Array.from({ length: rank }, () => random.int(2, 4))
      const strides = kernel.map(() => random.int(1, 2))
      return {
        attributes: [
          ['group', int(group)],
          ['strides', ints(strides)],
          [
            'dilations',
            ints(strides.map((s) => (s === 1 ? random.int(1, 2) : 1))),
          ],
          ['pads', ints([...kernel, ...kernel].map(() => random.int(0, 1)))],
        ],
        inputs: [
          float([
            random.int(1, 2),
            channels,
            ...kernel.map(() => random.int(3, 5)),
          ]),
          float([channels, perGroup, ...kernel]),
          ...(random.int(0, 1) ? [float([group * perGroup])] : []),
        ],
      }
    },
    /** Scatters every input cell, as the ONNX text does, and keeps one output cell. */
    reference(at, [x, w, bias], attribute) {
      const [batch, channels = 0, ...sizes] = x?.dims ?? []
      const [, perGroup = 0, ...kernel] = w?.dims ?? []
      const [group = 1] = attribute('group')
      const [own = 0, filter = 0, ...position] = at
      const terms: [number, number][] = []
      for (const [channel = 0, ...cell] of everyIndex([channels, ...sizes])) {
        const mine = Math.floor(channel / (channels / group))
        if (mine !== Math.floor(filter / perGroup)) continue
        for (const k of everyIndex(kernel)) {
          const lands = cell.every(
            (c, axis) =>
              c * (attribute('strides')[axis] as number) +
                (k[axis] as number) * (attribute('dilations')[axis] as number) -
                (attribute('pads')[axis] as number) ===
              position[axis],
          )
          if (lands)
            terms.push([
              valueAt(x, [own, channel, ...cell]),
              valueAt(w, [channel, filter % perGroup, ...k]),
            ])
        }
      }
      expect(own).toBeLessThan(batch as number)
      if (bias !== undefined) terms.push([valueAt(bias, [filter]), 1])
      return { terms }
    },
  },
  {
    operator: 'MatMul',
    node(random) {
      const depth = random.int(1, 70)
      const batch = [random.int(1, 3), random.int(1, 3)]
      const some = (list: number[]) =>
        list
          .map((d) => (random.int(0, 2) === 0 ? 1 : d))
          .slice(random.int(0, 2))
      return {
        attributes: [],
        inputs: [
          float(
            random.int(0, 5) === 0
              ? [depth]
              : [...some(batch), random.int(1, 4), depth],
          ),
          float(
            random.int(0, 5) === 0
              ? [depth]
              : [...some(batch), depth, random.int(1, 4)],
          ),
        ],
      }
    },
    reference(at, [a, b]) {
      if (a === undefined || b === undefined) throw new Error('no tensor')
      const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims
      const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims
      const rest = [...at]
      const column = b.dims.length > 1 ? (rest.pop() as number) : 0
      const row = a.dims.length > 1 ? (rest.pop() as number) : 0
      const own = (dims: readonly number[]) =>
        dims
          .slice(0, -2)
          .map((d, k) =>
            d === 1 ? 0 : (rest[rest.length - dims.length + 2 + k] as number),
          )
      const depth = left.at(-1) as number
      return {
        terms: Array.from({ length: depth }, (_, k) => [
          valueAt({ dims: left, bits: a.bits }, [...own(left), row, k]),
          valueAt({ dims: right, bits: b.bits }, [...own(right), k, column]),
        ]),
      }
    },
  },
  {
    operator: 'Gemm',
    node(random) {
      const [m, k, n] = [random.int(1, 4), random.int(1, 40), random.int(1, 4)]
      const transA = random.int(0, 1)
      const transB = random.int(0, 1)
      const c = random.pick([[n], [1, n], [m, n], [m, 1], [1], [], undefined])
      return {
        attributes: [
          ['transA', int(transA)],
          ['transB', int(transB)],
          ['alpha', real(random.pick([1, 1, -0.75, 3e-12]))],
          ['beta', real(random.pick([1, 1, 0, -2.5]))],
        ],
        inputs: [
          float(transA ? [k, m] : [m, k]),
          float(transB ? [n, k] : [k, n]),
          ...(c === undefined ? [] : [float(c)]),
        ],
      }
    },
    reference([row, column], [a, b, c], attribute) {
      const [transA, transB] = [attribute('transA')[0], attribute('transB')[0]]
      const depth = a?.dims[transA ? 0 : 1] as number
      const r = row as number
      const s = column as number
      const reference: Reference = {
        terms: Array.from({ length: depth }, (_, k) => [
          valueAt(a, transA ? [k, r] : [r, k]),
          valueAt(b, transB ? [s, k] : [k, s]),
        ]),
        alpha: Math.fround(attribute('alpha')[0] as number),
      }
      const beta = Math.fround(attribute('beta')[0] as number)
      if (c !== undefined && beta !== 0) {
        const full = [1, 1, ...c.dims].slice(-2)
        const at = [full[0] === 1 ? 0 : r, full[1] === 1 ? 0 : s]
        reference.extra = [valueAt({ dims: full, bits: c.bits }, at), beta]
      }
      return reference
    },
  },
  ...(['ReduceSum', 'ReduceMean'] as const).map(
    (operator): Recipe => ({
      operator,
      node(random) {
        const dims = Array.from({ length: random.int(1, 4) }, () =>
          random.int(1, 5),
        )
        const axes = dims.map((_, k) => k).filter(() => random.int(0, 1) === 1)
        const named = axes.map((k) => (random.int(0, 1) ? k : k - dims.length))
        return {
          opset: 18,
          attributes: [['keepdims', int(random.int(0, 1))]],
          inputs: [
            float(dims),
            named.length === 0
              ? undefined
              : {
                  dtype: dtypes.int64,
                  dims: [named.length],
                  constant: named.map(BigInt),
                },
          ],
        }
      },
      reference(at, [x], attribute, inputs) {
        const dims = x?.dims ?? []
        const given = inputs[1]?.constant
        const axes =
          given === undefined
            ? dims.map((_, k) => k)
            : Array.from<number | bigint, number>(given, (k) =>
                Number(k) < 0 ? Number(k) + dims.length : Number(k),
              )
        const keep = attribute('keepdims')[0] === 1
        const rest = [...at]
        const start = dims.map((_, k) => {
          if (!axes.includes(k)) return rest.shift() as number
          if (keep) rest.shift()
          return 0
        })
        const terms: [number, number][] = []
        for (const step of everyIndex(axes.map((k) => dims[k] as number))) {
          const cell = [...start]
          axes.forEach((axis, i) => {
            cell[axis] = step[i] as number
          })
          terms.push([valueAt(x, cell), 1])
        }
        return operator === 'ReduceSum'
          ? { terms }
          : { terms, divisor: terms.length }
      },
    }),
  ),
  {
    operator: 'GlobalAveragePool',
    node: (random) => ({
      attributes: [],
      inputs: [
        float([
          random.int(1, 2),
          random.int(1, 4),
          ...Array.from({ length: random.int(1, 3) }, () => random.int(1, 6)),
        ]),
      ],
    }),
    reference(at, [x]) {
      const terms = Array.from(
        everyIndex(x?.dims.slice(2) ?? []),
        (cell): [number, number] => [
          valueAt(x, [...at.slice(0, 2), ...cell]),
          1,
        ],
      )
      return { terms, divisor: terms.length }
    },
  },
  {
    operator: 'AveragePool',
    node(random) {
      const rank = random.int(1, 2)
      const kernel = Array.from({ length: rank }, () => random.int(1, 3))
      const includePad = random.int(0, 1)
      return {
        attributes: [
          ['kernel_shape', ints(kernel)],
          ['strides', ints(kernel.map(() => random.int(1, 3)))],
          [
            'pads',
            ints([...kernel, ...kernel].map((k) => random.int(0, k - 1))),
          ],
          ['count_include_pad', int(includePad)],
          ['ceil_mode', int(includePad ? 0 : random.int(0, 1))],
        ],
        inputs: [float([1, 2, ...kernel.map(() => random.int(4, 7))])],
      }
    },
    reference(at, [x], attribute) {
      const kernel = attribute('kernel_shape')
      const terms: [number, number][] = []
      for (const k of everyIndex(kernel)) {
        const cell = k.map(
          (step, axis) =>
            (at[axis + 2] as number) * (attribute('strides')[axis] as number) +
            step -
            (attribute('pads')[axis] as number),
        )
        if (cell.every((c, i) => c >= 0 && c < (x?.dims[i + 2] as number)))
          terms.push([valueAt(x, [...at.slice(0, 2), ...cell]), 1])
      }
      const all = attribute('count_include_pad')[0] === 1
      return { terms, divisor: all ? countOf(kernel) : terms.length }
    },
  },
]

const layerNormalization: Recipe = {
  operator: 'LayerNormalization',
  node(random) {
    const dims = Array.from({ length: random.int(1, 4) }, () =>
      random.int(1, 6),
    )
    const axis = random.int(0, dims.length - 1)
    const normal = dims.slice(axis)
    const parameter = () => float(random.pick([normal, normal, [1]]))
    return {
      attributes: [
        ['axis', int(random.int(0, 1) ? axis : axis - dims.length)],
        ['epsilon', real(random.pick([1e-5, 1e-12, 0]))],
      ],
      inputs: [
        float(dims),
        parameter(),
        ...(random.int(0, 1) ? [parameter()] : []),
      ],
    }
  },
  /** The row as terms, the element among them first; scale and bias as `extra`. */
  reference(at, [x, scale, bias], attribute) {
    const dims = x?.dims ?? []
    const named = attribute('axis')[0] as number
    const axis = named < 0 ? named + dims.length : named
    const outer = at.slice(0, axis)
    const terms = Array.from(
      everyIndex(dims.slice(axis)),
      (inner): [number, number] => [valueAt(x, [...outer, ...inner]), 1],
    )
    const parameterAt = (tensor: typeof x) =>
      valueAt(
        tensor,
        tensor?.dims.map((dim, k) =>
          dim === 1 ? 0 : (at[at.length - tensor.dims.length + k] as number),
        ) ?? [],
      )
    return {
      terms: [[valueAt(x, at), 1], ...terms],
      extra: [parameterAt(scale), bias === undefined ? 0 : parameterAt(bias)],
    }
  },
}

/** The cells of the window, each times 1. */
const maxPool: Recipe = {
  operator: 'MaxPool',
  node(random) {
    const kernel = Array.from({ length: random.int(1, 2) }, () =>
      random.int(1, 3),
    )
    return {
      attributes: [
        ['kernel_shape', ints(kernel)],
        ['strides', ints(kernel.map(() => random.int(1, 3)))],
        ['dilations', ints(kernel.map(() => random.int(1, 2)))],
        ['pads', ints([...kernel, ...kernel].map((k) => random.int(0, k - 1)))],
        ['ceil_mode', int(random.int(0, 1))],
      ],
      inputs: [float([1, 2, ...kernel.map(() => random.int(6, 8))])],
    }
  },
  reference(at, [x], attribute) {
    const terms: [number, number][] = []
    for (const k of everyIndex(attribute('kernel_shape'))) {
      const cell = k.map(
        (step, axis) =>
          (at[axis + 2] as number) * (attribute('strides')[axis] as number) +
          step * (attribute('dilations')[axis] as number) -
          (attribute('pads')[axis] as number),
      )
      if (cell.every((c, i) => c >= 0 && c < (x?.dims[i + 2] as number)))
        terms.push([valueAt(x, [...at.slice(0, 2), ...cell]), 1])
    }
    return { terms }
  },
}

const f = Math.fround
const flush = (x: number) => (Math.abs(x) < 2 ** -126 ? 0 : x)

/** What machines of different kinds make of one element. */
function machines(reference: Reference): Record<string, number> {
  const { terms, divisor, alpha = 1, extra } = reference
  const finish = (sum: number, r: (x: number) => number) => {
    let y = alpha === 1 ? sum : r(alpha * sum)
    if (extra !== undefined) y = r(y + r(extra[0] * extra[1]))
    return divisor === undefined ? y : r(y / divisor)
  }
  const sequential = (list: [number, number][], r: (x: number) => number) =>
    list.reduce((sum, [a, b]) => r(sum + r(a * b)), 0)
  const pairwise = (list: [number, number][]): number =>
    list.length === 1
      ? f((list[0] as [number, number])[0] * (list[0] as [number, number])[1])
      : f(
          pairwise(list.slice(0, list.length >> 1)) +
            pairwise(list.slice(list.length >> 1)),
        )
  const lanes = [0, 1, 2, 3].map((lane) =>
    sequential(
      terms.filter((_, i) => i % 4 === lane),
      f,
    ),
  )
  const flushed = (x: number) => flush(f(flush(x)))
  const inverse = divisor === undefined ? 1 : f(1 / divisor)
  return {
    sequential: finish(sequential(terms, f), f),
    reverse: finish(sequential([...terms].reverse(), f), f),
    pairwise: finish(pairwise(terms), f),
    lanes: finish(
      lanes.reduce((a, b) => f(a + b)),
      f,
    ),
    fused: finish(
      terms.reduce((sum, [a, b]) => f(a * b + sum), 0),
      f,
    ),
    double: f(finish(sequential(terms, Number), Number)),
    flushing: finish(
      sequential(
        terms.map(([a, b]) => [flush(a), flush(b)]),
        flushed,
      ),
      flushed,
    ),
    reciprocal:
      divisor === undefined
        ? finish(sequential(terms, f), f)
        : f(sequential(terms, f) * inverse),
    scaledFirst:
      divisor === undefined
        ? finish(sequential(terms, f), f)
        : sequential(
            terms.map(([a]) => [a, inverse]),
            f,
          ),
  }
}

/** A real `n * 2^-400`, which every sum of float32 products is. */
const unit = 400
function exact(value: number): bigint {
  const { mantissa, exponent } = decompose(keyOf(bitsOfNumber(value)))
  return mantissa << BigInt(exponent + 200)
}

/** Exact value and sum of magnitudes, both times `divisor`, in `2^-400`. */
function exactly({ terms, alpha = 1, extra }: Reference): {
  sum: bigint
  size: bigint
} {
  const products = terms.map(([a, b]) => [a, b] as [number, number])
  let sum = 0n
  let size = 0n
  const abs = (x: bigint) => (x < 0n ? -x : x)
  for (const [a, b] of products) {
    // alpha is a third factor: its exponent is taken from the 2^-200 of one factor.
    const { mantissa, exponent } = decompose(keyOf(bitsOfNumber(alpha)))
    const term = exact(a) * exact(b) * mantissa
    const scaled =
      exponent >= 0 ? term << BigInt(exponent) : term >> BigInt(-exponent)
    sum += scaled
    size += abs(scaled)
  }
  if (extra !== undefined) {
    sum += exact(extra[0]) * exact(extra[1])
    size += abs(exact(extra[0]) * exact(extra[1]))
  }
  return { sum, size }
}

function isInside(interval: Interval, value: number): boolean {
  if (interval.kind === 'any') return true
  const bits = bitsOfNumber(value)
  if (isNaNBits(bits)) return false
  const key = keyOf(bits)
  return key >= interval.low && key <= interval.high
}

function permOf(random: Random, rank: number): number[] {
  const perm = Array.from({ length: rank }, (_, k) => k)
  for (let k = rank - 1; k > 0; k--) {
    const other = random.int(0, k)
    ;[perm[k], perm[other]] = [perm[other] as number, perm[k] as number]
  }
  return perm
}

/** A case of a recipe: the query, the operands that its ranges name, the reference. */
function caseOf(
  recipe: Recipe,
  random: Random,
  content: (random: Random) => number,
): { query: ElementQuery; operands: Operand[]; reference: Reference } {
  const { attributes, inputs, opset } = recipe.node(random)
  const operator = operatorOf(recipe.operator)
  if (operator === undefined) throw new Error(recipe.operator)
  const map = new Map(attributes)
  const form = operator.form({
    operator: recipe.operator,
    opset: opset ?? 13,
    attributes: map,
    inputs,
    outputs: 1,
  })
  const types = form.inputs.map((index, k): TensorType => {
    const { dtype, dims } = inputs[index] as InputType
    const layout = random.int(0, 1) ? form.layouts[k] : undefined
    return { dtype, dims, perm: layout ?? permOf(random, dims.length) }
  })
  const output = form.outputs[0] as { dtype: 1; dims: readonly number[] }
  const query: ElementQuery = {
    opcode: form.opcode,
    attributes: form.attributes,
    inputs: types,
    outputs: [{ ...output, perm: permOf(random, output.dims.length) }],
    output: 0,
    element: random.int(0, countOf(output.dims) - 1),
  }
  const tensors = types.map(({ dims }) => ({
    dims,
    bits: Uint32Array.from({ length: countOf(dims) }, () =>
      bitsOfNumber(content(random)),
    ),
  }))
  const committed = types.map((type, k) => {
    const data = new DataView(new ArrayBuffer(4 * countOf(type.dims)))
    tensors[k]?.bits.forEach((bits, logical) => {
      data.setUint32(4 * committedIndexOf(type, logical), bits, true)
    })
    return data
  })
  const ranges = checkerOf(form.opcode)?.ranges(query) ?? []
  const operands = types.map((_, k): Operand => {
    const words = ranges
      .filter(({ operand }) => operand === k)
      .flatMap(({ first, count, stride }) =>
        Array.from({ length: count }, (_, i) =>
          committed[k]?.getUint32(4 * (first + i * stride), true),
        ),
      )
    const data = new DataView(new ArrayBuffer(4 * words.length))
    words.forEach((bits, i) => {
      data.setUint32(4 * i, bits as number, true)
    })
    return { data: new Uint8Array(data.buffer), derived: [] }
  })
  const attribute = (name: string) => {
    const value = map.get(name)
    if (value?.type === 'ints') return value.value.map(Number)
    if (value?.type === 'int') return [Number(value.value)]
    return value?.type === 'float' ? [value.value] : []
  }
  const reference = recipe.reference(
    coordinatesOf(output.dims, query.element),
    tensors,
    attribute,
    inputs,
  )
  return { query, operands, reference }
}

function evaluate(query: ElementQuery, operands: Operand[]): Interval {
  const checker = checkerOf(query.opcode)
  if (checker === undefined) throw new Error(`no opcode ${query.opcode}`)
  return checker.evaluate(query, operands)
}

describe.each(recipes.map((recipe) => [recipe.operator, recipe] as const))(
  '%s',
  (_name, recipe) => {
    test.each(Object.entries(contents))(
      'behavior: honest machines are inside, %s operands',
      (_kind, content) => {
        const random = new Random(0x5eed)
        for (let i = 0; i < 120; i++) {
          const { query, operands, reference } = caseOf(recipe, random, content)
          const interval = evaluate(query, operands)
          for (const [machine, value] of Object.entries(machines(reference)))
            if (!isInside(interval, value))
              expect.fail(
                `${machine} ${value} ${JSON.stringify({ query, reference, low: String(interval.low), high: String(interval.high) })}`,
              )
        }
      },
    )

    test('behavior: beyond 1.1 (n + 5) u S nothing is accepted', () => {
      const random = new Random(0xbad)
      for (let i = 0; i < 200; i++) {
        const { query, operands, reference } = caseOf(
          recipe,
          random,
          contents.plain,
        )
        const interval = evaluate(query, operands)
        expect(interval.kind).toBe('float')
        const { sum, size } = exactly(reference)
        const n = BigInt(reference.terms.length + 5)
        const radius = (11n * n * size) / (10n << 24n)
        const divisor = BigInt(reference.divisor ?? 1)
        const scaled = (key: bigint) => {
          const { mantissa, exponent } = decompose(key)
          return (mantissa << BigInt(exponent + unit)) * divisor
        }
        // A few ulps of 2^-126 above the rounding bound.
        const underflow = 8n * n * divisor * (1n << BigInt(unit - 126))
        if (interval.low > minNormal || interval.low < -minNormal)
          expect(scaled(interval.low) >= sum - radius - underflow).toBe(true)
        if (interval.high > minNormal || interval.high < -minNormal)
          expect(scaled(interval.high) <= sum + radius + underflow).toBe(true)
      }
    })

    test('behavior: C2, an operand that is not finite accepts anything', () => {
      const random = new Random(0x1f)
      for (const bits of [0x7f800000, 0xff800000, 0x7fc00001, 0xffffffff]) {
        const { query, operands } = caseOf(recipe, random, contents.plain)
        const which = random.int(0, operands.length - 1)
        const { data } = operands[which] as Operand
        const at = 4 * random.int(0, data.length / 4 - 1)
        new DataView(data.buffer).setUint32(at, bits, true)
        expect(evaluate(query, operands).kind).toBe('any')
        expect(isFiniteBits(bits)).toBe(false)
      }
    })
  },
)

describe('LayerNormalization', () => {
  const epsilonOf = (query: ElementQuery) =>
    numberOfBits((query.attributes[1] as number) >>> 0)

  /** Two passes in a given rounding; `order` arranges the sums. */
  function twoPasses(
    { terms, extra }: Reference,
    epsilon: number,
    r: (x: number) => number,
    reverse: boolean,
  ): number {
    const [[x] = [0], ...rest] = terms
    const row = rest.map(([value]) => value)
    if (reverse) row.reverse()
    const [scale, bias] = extra ?? [1, 0]
    const n = row.length
    const mean = r(row.reduce((sum, value) => r(sum + value), 0) / n)
    const squares = row.map((value) => r(r(value - mean) * r(value - mean)))
    const variance = r(squares.reduce((sum, value) => r(sum + value), 0) / n)
    const root = r(Math.sqrt(r(variance + epsilon)))
    const normal = reverse
      ? r(r(x - mean) * r(1 / root))
      : r(r(x - mean) / root)
    return r(r(normal * scale) + bias)
  }

  test.each(Object.entries(contents))(
    'behavior: honest machines are inside, %s operands',
    (_kind, content) => {
      const random = new Random(0x1a)
      for (let i = 0; i < 150; i++) {
        const { query, operands, reference } = caseOf(
          layerNormalization,
          random,
          content,
        )
        const interval = evaluate(query, operands)
        const epsilon = epsilonOf(query)
        const flushing = (x: number) => flush(f(x))
        for (const value of [
          twoPasses(reference, epsilon, f, false),
          twoPasses(reference, epsilon, f, true),
          twoPasses(reference, epsilon, flushing, true),
          f(twoPasses(reference, epsilon, Number, false)),
        ])
          if (!isInside(interval, value))
            expect.fail(
              `${value} ${JSON.stringify({ query, reference, low: String(interval.low), high: String(interval.high) })}`,
            )
      }
    },
  )

  test('behavior: a relative error of 2^-12 is convicted', () => {
    const random = new Random(0x1b)
    for (let i = 0; i < 150; i++) {
      const { query, operands, reference } = caseOf(
        layerNormalization,
        random,
        contents.plain,
      )
      // One element alone is its own mean.
      if (reference.terms.length < 4) continue
      const interval = evaluate(query, operands)
      const value = twoPasses(reference, epsilonOf(query), Number, false)
      const [scale, bias] = reference.extra ?? [1, 0]
      const size = Math.abs(value - bias) + Math.abs(bias) + Math.abs(scale)
      expect(isInside(interval, f(value + size * 2 ** -12))).toBe(false)
      expect(isInside(interval, f(value - size * 2 ** -12))).toBe(false)
    }
  })
})

describe('MaxPool', () => {
  test.each(Object.entries(contents))(
    'behavior: exactly the greatest element, %s operands',
    (_kind, content) => {
      const random = new Random(0x3a)
      for (let i = 0; i < 120; i++) {
        const { query, operands, reference } = caseOf(maxPool, random, content)
        const interval = evaluate(query, operands)
        const cells = reference.terms.map(([cell]) => cell)
        const greatest = Math.max(...cells)
        expect(isInside(interval, greatest)).toBe(true)
        expect(isInside(interval, Math.max(...cells.map(flush)))).toBe(true)
        if (flush(greatest) !== 0) expect(interval.low).toBe(interval.high)
        const above = numberOfBits(bitsOfNumber(Math.abs(greatest)) + 1)
        expect(isInside(interval, above)).toBe(false)
      }
    },
  )

  const cells = (...bits: number[]): Interval => {
    const data = new DataView(new ArrayBuffer(4 * bits.length))
    bits.forEach((word, i) => {
      data.setUint32(4 * i, word, true)
    })
    const type: TensorType = {
      dtype: dtypes.float32,
      dims: [1, 1, bits.length],
      perm: [0, 1, 2],
    }
    return evaluate(
      {
        opcode: 83,
        attributes: [bits.length, 1, 1, 0, 0],
        inputs: [type],
        outputs: [type],
        output: 0,
        element: 0,
      },
      [{ data: new Uint8Array(data.buffer), derived: [] }],
    )
  }

  test('behavior: C3 and C4 at the edges', () => {
    expect(cells(0x7fc00000, 0x3f800000).kind).toBe('any')
    expect(cells(0x7f800000, 0)).toMatchObject({ low: 0x7f800000n })
    // -infinity alone, or -FLT_MAX: either.
    const bottom = { low: -0x7f800000n, high: -0x7f7fffffn }
    expect(cells(0xff800000, 0xff800000)).toMatchObject(bottom)
    expect(cells(0xff7fffff, 0xff800000)).toMatchObject(bottom)
    // Subnormals tie with the zeros.
    expect(cells(0x80000005, 0xbf800000)).toMatchObject({ low: -5n, high: 0n })
    expect(cells(0x00000007, 0x80000003)).toMatchObject({ low: -3n, high: 7n })
  })
})

/** Elements of every kind, limits and non-finite ones now and then. */
const anyKind = (random: Random): ((random: Random) => number) => {
  const content = random.pick(Object.values(contents))
  const limits = [3.4028234663852886e38, -(2 ** 127), 2 ** -126, 2 ** -149, -0]
  const rare = random.pick([0, 0, 20, 3])
  return (own) =>
    rare > 0 && own.int(1, rare) === 1 ? own.pick(limits) : content(own)
}

test('behavior: roundings of a term by arithmetic', () => {
  const { plain, blocked, wgsl } = arithmetics
  expect(roundingsOf(4_096, plain, 2)).toBe(4_098)
  // 256 in its run, one for each of 16 runs.
  expect(roundingsOf(4_096, blocked, 2)).toBe(274)
  expect(roundingsOf(256, blocked)).toBe(256)
  expect(roundingsOf(257, blocked)).toBe(257)
  expect(roundingsOf(259, blocked)).toBe(258)
  expect(roundingsOf(4_096, wgsl, 2)).toBe(8_198)
})

// Writes the vectors with UPDATE_VECTORS=1; otherwise the committed ones must be
// what the twins say now. test/differential/Operators.t.sol compares the contracts.
test.each(
  [...recipes, layerNormalization, maxPool].map(
    (recipe) => [recipe.operator, recipe] as const,
  ),
)('vectors of %s', (name, recipe) => {
  const random = new Random(
    [...name].reduce((n, c) => n * 31 + c.charCodeAt(0), 7) | 1,
  )
  const cases = Array.from({ length: 80 }, () => {
    const { query, operands } = caseOf(recipe, random, anyKind(random))
    for (const { data } of operands)
      if (data.length > 0 && random.int(0, 20) === 0)
        new DataView(data.buffer).setUint32(
          4 * random.int(0, data.length / 4 - 1),
          random.pick([0x7f800000, 0xff800000, 0x7fc00000, 0xff812345]),
          true,
        )
    // Profiles, without another random number.
    const arithmetic = (query.element % 3) as Arithmetic
    return { query: { ...query, arithmetic }, operands }
  })
  const file = new URL(
    `../../src/vectors/operators/${name.toLowerCase()}.json`,
    import.meta.url,
  )
  const text = vectorFile(cases)
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
})
