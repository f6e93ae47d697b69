import { describe, expect, test } from 'vitest'
import type { Interval } from '../types/interval.js'
import { type Random, randomOf } from '../vectors/operatorVectors.js'
import { bitsOf, bitsOfNumber, keyOf, numberOfBits } from './float32.js'
import { checkerOf } from './index.js'
import type { Operand } from './operator.js'

// Honest chains of float32 roundings lie inside every interval; values well
// outside the allowance are convicted; poison and flushing follow RULES C.

const fround = Math.fround
const runs = 3000

function committed(x: number): Operand {
  const data = new Uint8Array(4)
  new DataView(data.buffer).setUint32(0, bitsOfNumber(x), true)
  return { data, derived: [] }
}

function evaluate(
  opcode: number,
  xs: readonly number[],
  attributes: readonly number[] = [],
): Interval {
  return evaluateOn(opcode, xs.map(committed), attributes)
}

function evaluateOn(
  opcode: number,
  operands: readonly Operand[],
  attributes: readonly number[] = [],
): Interval {
  const type = { dtype: 1 as const, dims: [], perm: [] }
  const query = {
    opcode,
    attributes,
    inputs: operands.map(() => type),
    outputs: [type],
    output: 0,
    element: 0,
  }
  const checker = checkerOf(opcode)
  if (checker === undefined) throw new Error(`no checker ${opcode}`)
  return checker.evaluate(query, operands)
}

function accepts({ kind, low, high }: Interval, value: number): boolean {
  if (kind === 'any') return true
  if (Number.isNaN(value)) return false
  const key = keyOf(bitsOfNumber(value))
  return kind === 'float' && low <= key && key <= high
}

const word = (value: number) => bitsOfNumber(value) | 0

/** Any finite float, or one of ordinary size. */
function floatOf(random: Random): number {
  for (;;) {
    const value =
      random() % 4 === 0
        ? numberOfBits(random())
        : fround((random() / 2 ** 31 - 1) * 2 ** ((random() % 24) - 12))
    if (Number.isFinite(value)) return value
  }
}

/** Subnormal results and operands flushed, as C0 allows. */
const flush = (x: number) => (Math.abs(x) < 2 ** -126 ? 0 : x)

type Case = {
  name: string
  opcode: number
  arity: number
  attributes?: number[]
  /** One or more honest float32 kernels. */
  kernels: ((...xs: number[]) => number)[]
  domain?: (x: number) => boolean
}

const erf = (x: number): number => {
  // Series near 0, continued fraction beyond: double precision.
  const a = Math.abs(x)
  if (a < 3) {
    let term = a
    let sum = a
    for (let n = 3; term > sum * 1e-18; n += 2) {
      term *= (2 * a * a) / n
      sum += term
    }
    return ((Math.sign(x) * 2) / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction)
  const tail = Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction)
  return Math.sign(x) * (1 - tail)
}

const hardSigmoid = (x: number) =>
  Math.max(0, Math.min(1, fround(fround(fround(0.2) * x) + 0.5)))

const cases: Case[] = [
  { name: 'Add', opcode: 20, arity: 2, kernels: [(a, b) => a + b] },
  { name: 'Sub', opcode: 21, arity: 2, kernels: [(a, b) => a - b] },
  { name: 'Mul', opcode: 22, arity: 2, kernels: [(a, b) => a * b] },
  {
    name: 'Div',
    opcode: 23,
    arity: 2,
    kernels: [(a, b) => a / b, (a, b) => a * fround(1 / b)],
  },
  { name: 'Max', opcode: 27, arity: 2, kernels: [Math.max] },
  {
    name: 'Sum',
    opcode: 28,
    arity: 3,
    kernels: [
      (a, b, c) => fround(a + b) + c,
      (a, b, c) => a + fround(b + c),
    ] as ((...xs: number[]) => number)[],
  },
  { name: 'Sqrt', opcode: 31, arity: 1, kernels: [Math.sqrt] },
  { name: 'Exp', opcode: 33, arity: 1, kernels: [Math.exp] },
  {
    name: 'Log',
    opcode: 34,
    arity: 1,
    kernels: [Math.log, (x) => fround(Math.log2(x)) * fround(Math.LN2)],
    domain: (x) => x > 2,
  },
  { name: 'Log', opcode: 34, arity: 1, kernels: [Math.log] },
  { name: 'Erf', opcode: 35, arity: 1, kernels: [erf] },
  { name: 'Tanh', opcode: 36, arity: 1, kernels: [Math.tanh] },
  {
    name: 'Sigmoid',
    opcode: 37,
    arity: 1,
    kernels: [
      (x) => 1 / (1 + Math.exp(-x)),
      (x) => 1 / fround(1 + fround(Math.exp(-x))),
      (x) => fround(0.5 * fround(1 + fround(Math.tanh(fround(x / 2))))),
      (x) => (x < -18 ? 0 : 1 / (1 + Math.exp(-x))),
    ],
  },
  {
    name: 'Softplus',
    opcode: 38,
    arity: 1,
    kernels: [
      (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
      (x) =>
        fround(Math.max(x, 0)) +
        fround(Math.log(fround(1 + fround(Math.exp(-Math.abs(x)))))),
    ],
  },
  { name: 'Relu', opcode: 39, arity: 1, kernels: [(x) => Math.max(x, 0)] },
  {
    name: 'Elu',
    opcode: 42,
    arity: 1,
    attributes: [word(1.5)],
    kernels: [
      (x) => (x > 0 ? x : 1.5 * Math.expm1(x)),
      (x) => (x > 0 ? x : 1.5 * fround(fround(Math.exp(x)) - 1)),
    ],
  },
  {
    name: 'HardSigmoid',
    opcode: 43,
    arity: 1,
    attributes: [word(0.2), word(0.5)],
    kernels: [
      hardSigmoid,
      (x) => Math.max(0, Math.min(1, fround(fround(0.2) * x + 0.5))),
    ],
  },
  {
    name: 'HardSwish',
    opcode: 44,
    arity: 1,
    kernels: [
      (x) => (x * Math.max(0, Math.min(6, x + 3))) / 6,
      (x) =>
        x * Math.max(0, Math.min(1, fround(fround(x * fround(1 / 6)) + 0.5))),
    ],
  },
  {
    name: 'Gelu',
    opcode: 45,
    arity: 1,
    attributes: [0],
    kernels: [
      (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
      (x) =>
        0.5 *
        fround(x * fround(1 + fround(erf(fround(x * fround(Math.SQRT1_2)))))),
    ],
  },
  {
    name: 'Gelu tanh',
    opcode: 45,
    arity: 1,
    attributes: [1],
    kernels: [
      (x) => {
        const cube = fround(fround(x * x) * x)
        const inner = fround(x + fround(fround(0.044715) * cube))
        const t = Math.tanh(fround(fround(Math.sqrt(2 / Math.PI)) * inner))
        return 0.5 * fround(x * fround(1 + fround(t)))
      },
    ],
  },
  {
    name: 'Clip',
    opcode: 46,
    arity: 1,
    attributes: [1, word(-1), 1, word(6)],
    kernels: [(x) => Math.min(6, Math.max(-1, x))],
  },
  { name: 'Floor', opcode: 47, arity: 1, kernels: [Math.floor] },
  { name: 'Ceil', opcode: 48, arity: 1, kernels: [Math.ceil] },
]

test.each(cases)(
  'behavior: an honest $name is accepted',
  ({ name, opcode, arity, attributes, kernels, domain }) => {
    const random = randomOf(name.length * 7919 + opcode)
    for (let run = 0; run < runs; run++) {
      const xs = Array.from({ length: arity }, () => floatOf(random))
      if (domain && !xs.every(domain)) continue
      const honest = evaluate(opcode, xs, attributes)
      for (const kernel of kernels) {
        const plain = fround(kernel(...xs))
        // A machine that flushes its operands, its result, or both (C0).
        const flushed = fround(kernel(...xs.map(flush)))
        for (const y of [plain, flush(plain), flushed, flush(flushed)])
          if (!accepts(honest, y))
            expect.fail(
              `${name}(${xs}) = ${y}, allowed ${honest.kind} ${honest.low}..${honest.high}`,
            )
      }
    }
  },
)

test.each(cases)(
  'behavior: an honest $name of any operand in a derived interval is accepted',
  ({ name, opcode, arity, attributes, kernels, domain }) => {
    const random = randomOf(name.length * 104_729 + opcode)
    for (let run = 0; run < runs / 3; run++) {
      const middles = Array.from({ length: arity }, () =>
        keyOf(bitsOfNumber(floatOf(random))),
      )
      const radius = BigInt(random() % 2 ** (random() % 27))
      const within = (key: bigint) =>
        key > 0x7f7fffffn
          ? 0x7f7fffffn
          : key < -0x7f7fffffn
            ? -0x7f7fffffn
            : key
      const ends = middles.map((key) => ({
        kind: 'float' as const,
        low: within(key - radius),
        high: within(key + radius),
      }))
      const honest = evaluateOn(
        opcode,
        ends.map((end) => ({ data: new Uint8Array(0), derived: [end] })),
        attributes,
      )
      for (let pick = 0; pick < 4; pick++) {
        const xs = ends.map(({ low, high }) => {
          const offset = (BigInt(random()) * (high - low + 1n)) >> 32n
          return numberOfBits(bitsOf(pick === 0 ? low : low + offset))
        })
        if (domain && !xs.every(domain)) continue
        for (const kernel of kernels) {
          const y = fround(kernel(...xs))
          if (!accepts(honest, y))
            expect.fail(
              `${name}(${xs}) = ${y}, allowed ${honest.kind} ${honest.low}..${honest.high}`,
            )
        }
      }
    }
  },
)

describe('behavior: a value outside the allowance convicts', () => {
  const wrong: [string, number, number[], number[], number][] = [
    ['Add by 1 ulp', 20, [1, 2], [], 3.0000002],
    ['Mul by 1 ulp', 22, [1.5, 3], [], 4.5000005],
    ['Div by 6 ulp', 23, [1, 3], [], 0.3333335],
    ['Exp by 16 ulp', 33, [1], [], Math.E * (1 + 2 ** -19)],
    ['Sigmoid by 2^-18', 37, [0.5], [], 1 / (1 + Math.exp(-0.5)) + 2 ** -18],
    ['Relu of a negative', 39, [-2], [], -2],
    ['Relu of a positive', 39, [2], [], 0],
    ['Relu of infinity', 39, [Infinity], [], 7],
    ['Clip above its limit', 46, [9], [1, word(0), 1, word(6)], 6.0000005],
    ['HardSwish of 5', 44, [5], [], 5.00001],
    ['Sqrt', 31, [2], [], 1.4142145],
    ['Add to infinity without one', 20, [1, 2], [], Infinity],
    ['Sub of a NaN without one', 21, [1, 2], [], Number.NaN],
    ['Max of two', 27, [1, 2], [], 1],
    ['Erf beyond 1', 35, [5], [], 1.000001],
    ['infinity + 1 (C3)', 20, [Infinity, 1], [], 3],
  ]
  test.each(wrong)('%s', (_, opcode, xs, attributes, claimed) => {
    expect(accepts(evaluate(opcode, xs, attributes), claimed)).toBe(false)
  })
})

describe('behavior: poison accepts anything (C2, C0)', () => {
  const poisoned: [string, number, number[]][] = [
    ['a NaN', 20, [Number.NaN, 1]],
    ['inf - inf', 20, [Infinity, -Infinity]],
    ['an infinite factor', 22, [Infinity, 2]],
    ['a product of 2^127', 22, [2 ** 64, 2 ** 63]],
    ['a divisor of 0', 23, [1, 0]],
    ['a subnormal divisor', 23, [1, 2 ** -130]],
    ['the root of a negative', 31, [-1]],
    ['the logarithm of a negative', 34, [-1]],
    ['Max with a NaN', 27, [Number.NaN, 1]],
  ]
  test.each(poisoned)('%s', (_, opcode, xs) => {
    expect(evaluate(opcode, xs).kind).toBe('any')
  })
})

test('behavior: Exp may overflow only near its end (C4)', () => {
  expect(accepts(evaluate(33, [89]), Infinity)).toBe(true)
  expect(accepts(evaluate(33, [1000]), Infinity)).toBe(true)
  expect(accepts(evaluate(33, [80]), Infinity)).toBe(false)
})

test('behavior: Log of 0 may be -infinity (C4)', () => {
  expect(accepts(evaluate(34, [0]), -Infinity)).toBe(true)
  expect(accepts(evaluate(34, [2 ** -140]), -Infinity)).toBe(true)
  expect(accepts(evaluate(34, [1]), -Infinity)).toBe(false)
})

test('behavior: an honest Softmax is accepted, one off by its bound is not', () => {
  const random = randomOf(90)
  for (const count of [1, 2, 10, 300]) {
    for (let run = 0; run < 20; run++) {
      const size = run % 2 ? 8 : 90
      const xs = Array.from({ length: count }, () =>
        fround((random() / 2 ** 31 - 1) * size),
      )
      const most = Math.max(...xs)
      const es = xs.map((x) => fround(Math.exp(fround(x - most))))
      const sum = es.reduce((total, e) => fround(total + e), 0)
      const data = new Uint8Array(4 * count)
      xs.forEach((x, k) => {
        new DataView(data.buffer).setFloat32(4 * k, x, true)
      })
      const element = random() % count
      const type = { dtype: 1 as const, dims: [count], perm: [0] }
      const honest = checkerOf(90)?.evaluate(
        {
          opcode: 90,
          attributes: [0],
          inputs: [type],
          outputs: [type],
          output: 0,
          element,
        },
        [{ data, derived: [] }],
      )
      if (honest === undefined) throw new Error('no checker')
      const e = es[element] as number
      for (const y of [e / sum, e * fround(1 / sum)]) {
        expect(accepts(honest, fround(y))).toBe(true)
        if (y > 2 ** -100)
          expect(accepts(honest, fround(y * (1 + 2 ** -13)))).toBe(false)
      }
    }
  }
})

// What ONNX Runtime 1.30 really answers, against what an ideal machine would.

test('Where keeps or loses the sign of a zero (C1)', () => {
  const query = {
    opcode: 11,
    attributes: [],
    inputs: [9, 1, 1].map((dtype) => ({
      dtype: dtype as 1 | 9,
      dims: [],
      perm: [],
    })),
    outputs: [{ dtype: 1 as const, dims: [], perm: [] }],
    output: 0,
    element: 0,
  }
  const condition = { data: Uint8Array.of(1), derived: [] }
  const set = checkerOf(11)?.evaluate(query, [
    condition,
    committed(-0),
    committed(1),
  ]) as Interval
  expect(accepts(set, -0)).toBe(true)
  expect(accepts(set, 0)).toBe(true)
  expect(accepts(set, 1)).toBe(false)
})

test('HardSigmoid adds a subnormal beta, or flushes it (C0)', () => {
  const set = evaluate(43, [0], [word(0.2), word(1e-40)])
  expect(accepts(set, fround(1e-40))).toBe(true)
  expect(accepts(set, 0)).toBe(true)
  expect(accepts(set, fround(1e-37))).toBe(false)
})

test('Min, Max and Clip of int64 are judged within 32 bits only', () => {
  const type = { dtype: 7 as const, dims: [], perm: [] }
  const long = (value: bigint): Operand => {
    const data = new Uint8Array(8)
    new DataView(data.buffer).setBigInt64(0, value, true)
    return { data, derived: [] }
  }
  for (const opcode of [26, 27]) {
    const setOf = (a: bigint, b: bigint) =>
      checkerOf(opcode)?.evaluate(
        {
          opcode,
          attributes: [],
          inputs: [type, type],
          outputs: [type],
          output: 0,
          element: 0,
        },
        [long(a), long(b)],
      )
    // Vectorised kernels answer min(0, 2^31) = 2^31.
    expect(setOf(0n, 2n ** 31n)?.kind).toBe('any')
    expect(setOf(-(2n ** 31n) - 1n, 0n)?.kind).toBe('any')
    expect(
      checkerOf(46)?.evaluate(
        {
          opcode: 46,
          attributes: [1, 0, 1, 100],
          inputs: [type],
          outputs: [type],
          output: 0,
          element: 0,
        },
        [long(2n ** 31n)],
      ).kind,
    ).toBe('any')
    const least = opcode === 26 ? -5n : 7n
    expect(setOf(-5n, 7n)).toEqual({ kind: 'integer', low: least, high: least })
  }
})
