import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { arithmetics } from '../types/arithmetic.js'
import { dtypes } from '../types/tensorType.js'
import {
  errorFunction,
  exponential,
  less,
  logarithm,
  minus,
  nearestKey,
  negative,
  neighbour,
  ofBits,
  over,
  plus,
  power2,
  type Rational,
  rational,
  rounded,
  size,
  squareRoot,
  times,
} from './rational.test.support.js'

// The third implementation: what real arithmetic and simulated honest machines
// give must lie in the interval that twin and contract agree on, on every
// committed vector of the operator.

type Vector = {
  query: {
    opcode: number
    arithmetic: number
    outputs: { dtype: number }[]
  }
  operands: { data: string; derived: unknown[] }[]
  interval: { kind: number; low: string; high: string }
}

/** Finite float32 operands without subnormals, which flushing makes ambiguous (C0); `undefined` otherwise. */
function floatsOf({ operands }: Vector): Rational[][] | undefined {
  const lists: Rational[][] = []
  for (const { data, derived } of operands) {
    if (derived.length > 0) return undefined
    const list: Rational[] = []
    for (let at = 2; at < data.length; at += 8) {
      const bytes = data.slice(at, at + 8).match(/../g) ?? []
      const bits = Number.parseInt(bytes.reverse().join(''), 16)
      const field = (bits >>> 23) & 255
      if (field === 255 || (field === 0 && bits << 1 !== 0)) return undefined
      list.push(ofBits(bits))
    }
    lists.push(list)
  }
  return lists
}

const zero = rational(0)
const one = rational(1)

/** Sums as machines form them: in order, from the end, in pairs, exactly. */
function sums(terms: readonly Rational[]): Rational[] {
  const add = (a: Rational, b: Rational) => rounded(plus(a, b))
  const pairs = (list: readonly Rational[]): Rational => {
    if (list.length <= 1) return list[0] ?? zero
    const half = list.length >> 1
    return add(pairs(list.slice(0, half)), pairs(list.slice(half)))
  }
  const products = terms.map(rounded)
  // Fused: the product is not rounded before it is added.
  const fused = terms.reduce((sum, term) => rounded(plus(sum, term)), zero)
  return [
    products.reduce(add, zero),
    [...products].reverse().reduce(add, zero),
    pairs(products),
    fused,
    terms.reduce(plus, zero),
  ]
}

const dot = ([a = [], b = [], more = []]: Rational[][]): Rational[] =>
  sums([...a.map((x, i) => times(x, b[i] ?? zero)), ...more])

function means([x = []]: Rational[][]): Rational[] {
  const count = rational(x.length)
  const inverse = rounded(over(one, count))
  return sums(x).flatMap((sum) => [
    rounded(over(sum, count)),
    rounded(times(sum, inverse)),
  ])
}

/** `y` and what is half of an allowance away from it. */
const around = (y: Rational, relative: Rational, absolute = zero) => {
  const half = times(rational(1, 2), plus(times(size(y), relative), absolute))
  return [y, plus(y, half), minus(y, half)]
}
const ulps = (count: number) => rational(count, 1 << 23)
const u = power2(-24)

const sigmoid = (x: Rational) => over(one, plus(one, exponential(negative(x))))
const tanh = (x: Rational) =>
  minus(times(rational(2), sigmoid(times(rational(2), x))), one)

type Machine = (lists: Rational[][]) => Rational[] | undefined

const unary =
  (of: (x: Rational) => Rational[] | undefined): Machine =>
  ([x]) =>
    x?.[0] && of(x[0])
const binary =
  (of: (x: Rational, y: Rational) => Rational[] | undefined): Machine =>
  ([x, y]) =>
    x?.[0] && y?.[0] && of(x[0], y[0])
/** Where a function is neither 0 nor 1 to all digits. */
const moderate = (of: (x: Rational) => Rational[]): Machine =>
  unary((x) => (less(size(x), rational(80)) ? of(x) : undefined))

/** Honest results by opcode; `undefined` where anything may be accepted. */
const machines: Record<number, Machine> = {
  20: binary((x, y) => [rounded(plus(x, y))]),
  21: binary((x, y) => [rounded(minus(x, y))]),
  22: binary((x, y) => [rounded(times(x, y))]),
  // By a reciprocal, too.
  23: binary((x, y) =>
    y.n === 0n
      ? undefined
      : [rounded(over(x, y)), rounded(times(x, rounded(over(one, y))))],
  ),
  28: (lists) => sums(lists.flat()),
  29: (lists) => means([lists.flat()]),
  30: unary((x) => (x.n === 0n ? undefined : around(over(one, x), ulps(2)))),
  31: unary((x) => (x.n < 0n ? undefined : around(squareRoot(x), ulps(2)))),
  33: moderate((x) => around(exponential(x), ulps(4))),
  34: unary((x) => (x.n <= 0n ? undefined : around(logarithm(x), ulps(8)))),
  35: unary((x) => around(errorFunction(x), ulps(4))),
  36: moderate((x) => around(tanh(x), ulps(12))),
  37: moderate((x) => around(sigmoid(x), ulps(4), times(rational(8), u))),
  38: moderate((x) =>
    around(
      logarithm(plus(one, exponential(x))),
      ulps(16),
      times(rational(4), u),
    ),
  ),
  60: dot,
  62: dot,
  63: dot,
  70: ([x = []]) => sums(x),
  71: means,
  74: ([x = []]) => sums(x),
  80: means,
}

/** Sums whose every rounding is to the one side, of n terms. */
const shaderSums = (terms: readonly Rational[]): Rational[] =>
  [true, false].flatMap((up) => {
    const add = (a: Rational, b: Rational) => neighbour(plus(a, b), up)
    const products = terms.map((term) => neighbour(term, up))
    return [
      products.reduce(add, zero),
      [...products].reverse().reduce(add, zero),
      terms.reduce((sum, term) => neighbour(plus(sum, term), up), zero),
    ]
  })
const shaderDot = ([a = [], b = [], more = []]: Rational[][]): Rational[] =>
  shaderSums([...a.map((x, i) => times(x, b[i] ?? zero)), ...more])
const eitherOf = (x: Rational) => [neighbour(x, true), neighbour(x, false)]
/** `y` and what is all of an allowance away from it, towards 0 at the least. */
const within = (y: Rational, relative: Rational, absolute = zero) => {
  const all = plus(times(size(y), relative), absolute)
  return [y, neighbour(plus(y, all), false), neighbour(minus(y, all), true)]
}
const halfUlps = (count: number) => rational(count, 1 << 24)
const fewUlps = (x: Rational) =>
  times(plus(rational(3), times(rational(2), size(x))), ulps(1))

/** What shaders may give besides, by WGSL's own accuracies. */
const shaders: Record<number, Machine> = {
  20: binary((x, y) => eitherOf(plus(x, y))),
  21: binary((x, y) => eitherOf(minus(x, y))),
  22: binary((x, y) => eitherOf(times(x, y))),
  23: binary((x, y) =>
    y.n === 0n ? undefined : within(over(x, y), halfUlps(5)),
  ),
  28: (lists) => shaderSums(lists.flat()),
  30: unary((x) =>
    x.n === 0n ? undefined : within(over(one, x), halfUlps(5)),
  ),
  31: unary((x) =>
    x.n <= 0n ? undefined : within(squareRoot(x), halfUlps(9)),
  ),
  33: moderate((x) => within(exponential(x), fewUlps(x))),
  34: unary((x) => {
    if (x.n <= 0n) return undefined
    const near = !less(x, rational(1, 2)) && !less(rational(2), x)
    const y = logarithm(x)
    return near ? within(y, zero, power2(-21)) : within(y, ulps(3))
  }),
  // The relative error of the exponential, at a slope of y (1 - y).
  37: moderate((x) => {
    const y = sigmoid(x)
    const slope = times(y, minus(one, y))
    return within(y, halfUlps(7), times(slope, fewUlps(x)))
  }),
  60: shaderDot,
  62: shaderDot,
  63: shaderDot,
  70: ([x = []]) => shaderSums(x),
  74: ([x = []]) => shaderSums(x),
}

const folder = new URL('../../src/vectors/operators/', import.meta.url)
const files = readdirSync(folder).flatMap((file) => {
  const { vectors } = JSON.parse(
    readFileSync(new URL(file, folder), 'utf8'),
  ) as { vectors: Vector[] }
  const served = vectors.filter(
    ({ query }) =>
      query.opcode in machines && query.outputs[0]?.dtype === dtypes.float32,
  )
  return served.length > 0 ? [[file.replace('.json', ''), served] as const] : []
})

test.each(files)(
  'behavior: %s holds what exact and simulated machines give',
  (_, vectors) => {
    let held = 0
    let shaded = 0
    for (const vector of vectors) {
      const { query, interval } = vector
      // A set of floats; of integers and of anything others speak.
      if (interval.kind !== 1) continue
      const lists = floatsOf(vector)
      if (lists === undefined) continue
      const plain = machines[query.opcode]?.(lists)
      if (plain === undefined) continue
      // Profile 3 holds what profile 1 does, and more.
      const shader =
        query.arithmetic === arithmetics.wgsl
          ? (shaders[query.opcode]?.(lists) ?? [])
          : []
      shaded += shader.length
      const honest = [...plain, ...shader]
      for (const value of honest) {
        const key = nearestKey(value)
        if (key < BigInt(interval.low) || key > BigInt(interval.high))
          expect.fail(`${JSON.stringify(query)}: ${key} is outside`)
      }
      held++
    }
    // Vectors are adversarial: of many, anything is accepted.
    expect(held).toBeGreaterThanOrEqual(10)
    if (vectors.some(({ query }) => query.opcode in shaders))
      expect(shaded).toBeGreaterThanOrEqual(10)
  },
)

test('behavior: a float that is not the rational nearest is told from it', () => {
  const third = over(one, rational(3))
  expect(nearestKey(third)).toBe(0x3eaaaaabn)
  expect(nearestKey(negative(third))).toBe(-0x3eaaaaabn)
  expect(nearestKey(power2(-149))).toBe(1n)
  // A tie goes to the even one.
  expect(nearestKey(plus(one, u))).toBe(0x3f800000n)
  expect(nearestKey(plus(one, times(rational(3), u)))).toBe(0x3f800002n)
})
