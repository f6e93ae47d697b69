import { describe, expect, test } from 'vitest'
import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { type Random, randomOf } from '../vectors/operatorVectors.js'
import { bitsOf, bitsOfNumber, keyOf, numberOfBits } from './float32.js'
import { checkerOf } from './index.js'
import type { Operand } from './operator.js'

// Profile 3: shaders that leave their results as far off as WGSL lets them, with
// the formulas of ONNX Runtime's WebGPU kernels, lie inside every set.

const fround = Math.fround

/** The float32 next to `x` above (1) or below (-1). */
function next(x: number, side: number): number {
  const key = keyOf(bitsOfNumber(x)) + BigInt(side)
  return numberOfBits(bitsOf(key))
}

/** Distance of the floats around `x`. */
function ulp(x: number): number {
  const size = Math.abs(x)
  if (size < 2 ** -126) return 2 ** -149
  return 2 ** (Math.floor(Math.log2(size)) - 23)
}

/** A machine whose every operation is off by what WGSL allows, to a side of its choice. */
class Shader {
  constructor(private readonly random: Random) {}

  /** -1 or 1, seldom 0. */
  private side(): number {
    return [-1, 1, -1, 1, 0][this.random() % 5] as number
  }

  /** Correctly rounded: to either neighbour. */
  either(x: number): number {
    const near = fround(x)
    const side = this.side()
    if (near === x || side === 0 || Math.sign(x - near) !== side)
      return this.flush(near)
    return this.flush(next(near, side))
  }

  /** As far off as allowed. */
  off(x: number, most: number): number {
    const side = this.side()
    let y = fround(x + side * most)
    while (Math.abs(y - x) > most && y !== fround(x)) y = next(y, -side)
    return this.flush(y)
  }

  flush(x: number): number {
    return Math.abs(x) < 2 ** -126 && this.random() % 2 ? 0 : x
  }

  add(a: number, b: number): number {
    return this.either(a + b)
  }
  mul(a: number, b: number): number {
    return this.either(a * b)
  }
  div(a: number, b: number): number {
    return this.off(a / b, 2.5 * ulp(a / b))
  }
  exp(x: number): number {
    const y = Math.exp(x)
    return this.off(y, (3 + 2 * Math.abs(x)) * ulp(y))
  }
  exp2(x: number): number {
    const y = 2 ** x
    return this.off(y, (3 + 2 * Math.abs(x)) * ulp(y))
  }
  log(x: number): number {
    const y = Math.log(x)
    return this.off(y, x >= 0.5 && x <= 2 ? 2 ** -21 : 3 * ulp(y))
  }
  log2(x: number): number {
    const y = Math.log2(x)
    return this.off(y, x >= 0.5 && x <= 2 ? 2 ** -21 : 3 * ulp(y))
  }
  inverseSqrt(x: number): number {
    const y = 1 / Math.sqrt(x)
    return this.off(y, 2 * ulp(y))
  }
  sqrt(x: number): number {
    return this.div(1, this.inverseSqrt(x))
  }
  pow(x: number, y: number): number {
    return this.exp2(this.mul(y, this.log2(x)))
  }
  sum(terms: readonly number[]): number {
    return terms.reduce((total, term) => this.add(total, term), 0)
  }

  erf(v: number): number {
    const a = Math.abs(v)
    const r = [0.254829592, -0.284496736, 1.421413741, -1.453152027].map(fround)
    const x = this.div(1, this.add(1, this.mul(fround(0.3275911), a)))
    let p = fround(1.061405429)
    for (const own of r.reverse()) p = this.add(this.mul(p, x), own)
    const q = this.mul(this.mul(p, x), this.exp(this.mul(-a, a)))
    return Math.sign(v) * this.add(1, -q)
  }
  tanh(a: number): number {
    const e = this.exp(-2 * Math.abs(a))
    return this.div(Math.sign(a) * this.add(1, -e), this.add(1, e))
  }
}

function committed(...xs: number[]): Operand {
  const data = new DataView(new ArrayBuffer(4 * xs.length))
  for (const [i, x] of xs.entries())
    data.setUint32(4 * i, bitsOfNumber(x), true)
  return { data: new Uint8Array(data.buffer), derived: [] }
}

type Asked = {
  attributes?: readonly number[]
  dims?: readonly (readonly number[])[]
  element?: number
  fused?: number
}

function evaluate(
  opcode: number,
  operands: readonly Operand[],
  arithmetic: Arithmetic = arithmetics.wgsl,
  { attributes = [], dims = [], element = 0, fused = 0 }: Asked = {},
): Interval {
  const typeOf = (own: readonly number[]): TensorType => ({
    dtype: dtypes.float32,
    dims: own,
    perm: own.map((_, k) => k),
  })
  const inputs = operands.map((_, i) => typeOf(dims[i] ?? []))
  const outputs = [typeOf(dims[0] ?? [])]
  const checker = checkerOf(opcode)
  if (checker === undefined) throw new Error(`no checker ${opcode}`)
  return checker.evaluate(
    {
      opcode,
      attributes,
      inputs,
      outputs,
      output: 0,
      element,
      arithmetic,
      fused,
    },
    operands,
  )
}

function accepts({ kind, low, high }: Interval, value: number): boolean {
  if (kind === 'any') return true
  if (!Number.isFinite(value)) return false
  const key = keyOf(bitsOfNumber(value))
  return kind === 'float' && low <= key && key <= high
}

const word = (value: number) => bitsOfNumber(value) | 0

/** Any finite float, or one of ordinary size. */
function floatOf(random: Random): number {
  for (;;) {
    const value =
      random() % 5 === 0
        ? numberOfBits(random())
        : fround((random() / 2 ** 31 - 1) * 2 ** ((random() % 24) - 16))
    if (Number.isFinite(value)) return value
  }
}

type Kernel = {
  name: string
  opcode: number
  arity?: number
  attributes?: number[]
  /** Further operands. */
  constants?: number[]
  kernel: (shader: Shader, ...xs: number[]) => number
}

const kernels: Kernel[] = [
  { name: 'Add', opcode: 20, arity: 2, kernel: (s, a, b = 0) => s.add(a!, b) },
  { name: 'Sub', opcode: 21, arity: 2, kernel: (s, a, b = 0) => s.add(a!, -b) },
  { name: 'Mul', opcode: 22, arity: 2, kernel: (s, a, b = 0) => s.mul(a!, b) },
  { name: 'Div', opcode: 23, arity: 2, kernel: (s, a, b = 0) => s.div(a!, b) },
  { name: 'Reciprocal', opcode: 30, kernel: (s, a) => s.div(1, a!) },
  { name: 'Sum', opcode: 28, arity: 3, kernel: (s, ...xs) => s.sum(xs) },
  {
    name: 'Mean',
    opcode: 29,
    arity: 3,
    kernel: (s, ...xs) => s.div(s.sum(xs), 3),
  },
  {
    name: 'Mean by a reciprocal',
    opcode: 29,
    arity: 3,
    kernel: (s, ...xs) => s.mul(s.sum(xs), s.div(1, 3)),
  },
  { name: 'Sqrt', opcode: 31, kernel: (s, a) => s.sqrt(a!) },
  ...[3, -1, -3, 7, 16, 1].map((n) => ({
    name: `Pow ${n}`,
    opcode: 32,
    constants: [n],
    kernel: (s: Shader, a = 0) =>
      (n % 2 ? Math.sign(a) : 1) * s.pow(Math.abs(a), n),
  })),
  {
    name: 'Pow 2',
    opcode: 32,
    constants: [2],
    kernel: (s, a) => s.mul(a!, a!),
  },
  {
    name: 'Pow 1/2',
    opcode: 32,
    constants: [0.5],
    kernel: (s, a) => s.sqrt(a!),
  },
  {
    name: 'Pow -1/2',
    opcode: 32,
    constants: [-0.5],
    kernel: (s, a) => s.pow(a!, -0.5),
  },
  { name: 'Exp', opcode: 33, kernel: (s, a) => s.exp(a!) },
  { name: 'Log', opcode: 34, kernel: (s, a) => s.log(a!) },
  { name: 'Erf', opcode: 35, kernel: (s, a) => s.erf(a!) },
  { name: 'Tanh', opcode: 36, kernel: (s, a) => s.tanh(a!) },
  {
    name: 'Sigmoid',
    opcode: 37,
    kernel: (s, a = 0) => s.div(1, s.add(1, s.exp(-a))),
  },
  {
    name: 'Softplus',
    opcode: 38,
    kernel: (s, a = 0) =>
      s.add(Math.max(a, 0), s.log(s.add(1, s.exp(-Math.abs(a))))),
  },
  {
    name: 'LeakyRelu',
    opcode: 40,
    attributes: [word(0.01)],
    // A subnormal counts as 0, and is moved as it is.
    kernel: (s, a = 0) => (s.flush(a) >= 0 ? a : s.mul(fround(0.01), a)),
  },
  {
    name: 'Elu',
    opcode: 42,
    attributes: [word(1.5)],
    kernel: (s, a = 0) =>
      s.flush(a) >= 0 ? a : s.mul(s.add(s.exp(a), -1), 1.5),
  },
  {
    name: 'HardSigmoid',
    opcode: 43,
    attributes: [word(0.2), word(0.5)],
    kernel: (s, a = 0) =>
      Math.max(0, Math.min(1, s.add(s.mul(fround(0.2), a), 0.5))),
  },
  {
    name: 'HardSwish',
    opcode: 44,
    kernel: (s, a = 0) =>
      s.mul(a, Math.max(0, Math.min(1, s.add(s.mul(fround(1 / 6), a), 0.5)))),
  },
  {
    name: 'HardSwish by 6',
    opcode: 44,
    kernel: (s, a = 0) =>
      s.div(s.mul(a, Math.max(0, Math.min(6, s.add(a, 3)))), 6),
  },
  {
    name: 'Gelu',
    opcode: 45,
    attributes: [0],
    kernel: (s, a = 0) =>
      s.mul(
        s.mul(0.5, a),
        s.add(1, s.erf(s.mul(a, fround(0.7071067811865475)))),
      ),
  },
  {
    name: 'Gelu tanh',
    opcode: 45,
    attributes: [1],
    kernel: (s, a = 0) => {
      const square = s.mul(s.mul(fround(0.035677408136300125), a), a)
      const inner = s.add(square, fround(0.7978845608028654))
      const t = s.tanh(s.mul(a, inner))
      return s.mul(a, s.add(0.5, s.mul(0.5, t)))
    },
  },
]

describe.each(kernels)('$name', ({ name, opcode, arity = 1, ...rest }) => {
  const { attributes = [], constants = [], kernel } = rest
  const draw = (random: Random) =>
    Array.from({ length: arity }, () => floatOf(random))
  const asked = (xs: readonly number[], arithmetic?: Arithmetic) =>
    evaluate(
      opcode,
      [...xs, ...constants].map((x) => committed(x)),
      arithmetic,
      { attributes },
    )

  test('behavior: a shader as far off as allowed is accepted', () => {
    const random = randomOf(name.length * 7919 + opcode)
    const shader = new Shader(random)
    let definite = 0
    for (let run = 0; run < 3000; run++) {
      const xs = draw(random)
      const set = asked(xs)
      if (set.kind !== 'any') definite++
      for (let k = 0; k < 4; k++) {
        const y = kernel(shader, ...xs)
        if (!accepts(set, y))
          expect.fail(`${name}(${xs}) = ${y}, allowed ${set.low}..${set.high}`)
      }
    }
    expect(definite).toBeGreaterThan(700)
  })

  test('behavior: what profile 1 accepts is accepted', () => {
    const random = randomOf(name.length * 104_729 + opcode)
    for (let run = 0; run < 1000; run++) {
      const xs = draw(random)
      const set = asked(xs)
      const plain = asked(xs, arithmetics.plain)
      if (set.kind === 'any') continue
      expect(plain.kind).toBe('float')
      expect(set.low <= plain.low && plain.high <= set.high).toBe(true)
    }
  })

  test('behavior: an infinite or NaN operand gives anything', () => {
    for (const wild of [Infinity, -Infinity, NaN])
      expect(asked(Array.from({ length: arity }, () => wild)).kind).toBe('any')
  })
})

test('behavior: exact operators know no infinity', () => {
  const wild = [committed(Infinity), committed(1)]
  for (const opcode of [24, 25, 26, 27, 39, 47, 48, 49, 50, 55, 56, 57, 58, 59])
    expect(evaluate(opcode, wild).kind).toBe('any')
  for (const opcode of [72, 73]) {
    const row = committed(1, -Infinity, 2)
    const asked = { dims: [[3]], attributes: [0, 1] }
    expect(evaluate(opcode, [row], arithmetics.wgsl, asked).kind).toBe('any')
    expect(evaluate(opcode, [row], arithmetics.plain, asked).kind).toBe('float')
  }
})

test('behavior: a sum that may overflow gives anything', () => {
  const most = committed(numberOfBits(0x7f7fffff))
  expect(evaluate(20, [most, committed(1)]).kind).toBe('any')
  expect(evaluate(20, [most, committed(1)], arithmetics.plain).kind).toBe(
    'float',
  )
})

test('behavior: a sum that is exact is one value, another has two', () => {
  expect(evaluate(20, [committed(1), committed(2 ** -23)])).toEqual({
    kind: 'float',
    low: 0x3f800001n,
    high: 0x3f800001n,
  })
  expect(evaluate(20, [committed(1), committed(2 ** -30)])).toEqual({
    kind: 'float',
    low: 0x3f800000n,
    high: 0x3f800001n,
  })
})

test('behavior: an accumulator may start with what is added to a sum', () => {
  // 576 terms of 1.25 half ulps of 1,024, rounded up or down at its size.
  const terms = 576
  const term = 1.25 * 2 ** -14
  const sum = terms * term
  // What the checker of the sum says: gamma of two roundings a term.
  const slack = (2 * terms * 2 ** -24 * sum) / (1 - 2 * terms * 2 ** -24)
  const key = (x: number) => keyOf(bitsOfNumber(fround(x)))
  const derived: Operand = {
    data: new Uint8Array(0),
    derived: [{ kind: 'float', low: key(sum - slack), high: key(sum + slack) }],
  }
  const set = evaluate(20, [derived, committed(1024)], arithmetics.wgsl, {
    fused: 2 * terms,
  })
  for (const round of [Math.ceil, Math.floor]) {
    let total = 1024
    for (let i = 0; i < terms; i++)
      total = round((total + term) * 2 ** 13) * 2 ** -13
    expect(accepts(set, total)).toBe(true)
  }
  expect(accepts(set, 1024 + 4 * terms * 2 ** -13)).toBe(false)
})

describe('rows', () => {
  const rowOf = (random: Random, count: number, spread: number, mean: number) =>
    Array.from({ length: count }, () =>
      fround(mean + spread * (random() / 2 ** 31 - 1)),
    )

  test('behavior: Softmax', () => {
    const random = randomOf(90)
    const shader = new Shader(random)
    for (let run = 0; run < 150; run++) {
      const count = 1 + (random() % 300)
      const row = rowOf(random, count, 2 ** (random() % 8), 0)
      if (random() % 4 === 0) row[random() % count] = -1e9
      const most = Math.max(...row)
      const element = random() % count
      const set = evaluate(90, [committed(...row)], arithmetics.wgsl, {
        attributes: [0],
        dims: [[count]],
        element,
      })
      expect(set.kind).toBe('float')
      const terms = row.map((x) => shader.exp(shader.add(x, -most)))
      const y = shader.div(terms[element]!, shader.sum(terms))
      if (!accepts(set, y)) expect.fail(`${y} of ${row}[${element}]`)
      expect(accepts(set, y + 0.01)).toBe(false)
    }
  })

  test('behavior: Softmax of what is masked by the least float gives anything', () => {
    const row = committed(1, numberOfBits(0xff7fffff))
    const asked = { attributes: [0], dims: [[2]] }
    expect(evaluate(90, [row], arithmetics.wgsl, asked).kind).toBe('any')
    expect(evaluate(90, [row], arithmetics.plain, asked).kind).toBe('float')
  })

  test('behavior: LayerNormalization in one pass and in two', () => {
    const random = randomOf(92)
    const shader = new Shader(random)
    let definite = 0
    for (let run = 0; run < 200; run++) {
      const count = 2 + (random() % 200)
      const mean = [0, 0.5, 8, 300][random() % 4]!
      const row = rowOf(random, count, 2 ** (random() % 4), mean)
      const [scale, bias] = [fround(1.5), fround(-0.25)]
      const element = random() % count
      const epsilon = fround(1e-5)
      const set = evaluate(
        92,
        [committed(...row), committed(scale), committed(bias)],
        arithmetics.wgsl,
        { attributes: [0, word(epsilon)], dims: [[count], [], []], element },
      )
      if (set.kind === 'any') continue
      definite++
      const total = shader.div(shader.sum(row), count)
      const finish = (variance: number) => {
        const root = shader.inverseSqrt(shader.add(variance, epsilon))
        const distance = shader.add(row[element]!, -total)
        return shader.add(shader.mul(shader.mul(distance, root), scale), bias)
      }
      const squares = shader.sum(row.map((x) => shader.mul(x, x)))
      const one = finish(
        shader.add(shader.div(squares, count), -shader.mul(total, total)),
      )
      const distances = row.map((x) => shader.add(x, -total))
      const spread = shader.sum(distances.map((d) => shader.mul(d, d)))
      const two = finish(shader.div(spread, count))
      for (const y of [one, two])
        if (!accepts(set, y))
          expect.fail(`${y} of ${row}[${element}]: ${set.low}..${set.high}`)
    }
    expect(definite).toBeGreaterThan(100)
  })
})

test('behavior: an integer that float32 rounds is either neighbour', () => {
  const cast = (value: number, arithmetic: Arithmetic) => {
    const data = new Uint8Array(4)
    new DataView(data.buffer).setInt32(0, value, true)
    const type = (dtype: TensorType['dtype']) => ({ dtype, dims: [], perm: [] })
    return checkerOf(12)?.evaluate(
      {
        opcode: 12,
        attributes: [],
        inputs: [type(dtypes.int32)],
        outputs: [type(dtypes.float32)],
        output: 0,
        element: 0,
        arithmetic,
      },
      [{ data, derived: [] }],
    )
  }
  const [low, high] = [2 ** 24, 2 ** 24 + 2].map((x) => keyOf(bitsOfNumber(x)))
  const odd = 2 ** 24 + 1
  expect(cast(odd, arithmetics.wgsl)).toEqual({ kind: 'float', low, high })
  expect(cast(odd, arithmetics.plain)).toEqual({
    kind: 'float',
    low,
    high: low,
  })
})

test('behavior: a resized axis reads the neighbour before a whole coordinate', () => {
  // Sizes 4 to 12 by half pixels: ((2 p + 1 - 3) / 6, in lowest terms (p - 1) / 3.
  const random = randomOf(110)
  const shader = new Shader(random)
  const x = Array.from({ length: 4 }, () => fround(random() / 2 ** 31 - 1))
  for (let run = 0; run < 400; run++) {
    const element = random() % 12
    const type = (dims: number[]) => ({ dtype: 1 as const, dims, perm: [0] })
    const query = {
      opcode: 110,
      attributes: [1, -1, 3],
      inputs: [type([4])],
      outputs: [type([12])],
      output: 0,
      element,
      arithmetic: arithmetics.wgsl,
    }
    const checker = checkerOf(110)
    const read = checker?.ranges(query).map(({ first }) => x[first]!) ?? []
    const set = checker?.evaluate(query, [committed(...read)])
    const place = shader.add(shader.div(element + 0.5, 3), -0.5)
    const at = Math.max(0, Math.min(3, place))
    const below = Math.floor(at)
    const part = at >= 3 ? 0.5 : shader.add(at, -below)
    const y = shader.add(
      shader.mul(x[below]!, shader.add(1, -part)),
      shader.mul(x[Math.min(3, below + 1)]!, part),
    )
    if (!set || !accepts(set, y)) expect.fail(`${y} at ${element}`)
    expect(set.kind).toBe('float')
  }
})
