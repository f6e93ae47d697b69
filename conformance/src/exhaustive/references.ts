import type { OperatorAttribute } from '@lynode/sdk'

/** An operator of one float, what it is in real numbers, and its allowance. */
export type Reference = {
  /** Name on the command line and in the table. */
  name: string
  operator: string
  attributes?: Record<string, OperatorAttribute>
  /** A constant second input, as Pow has it. */
  constant?: number
  /** The value in float64; NaN where anything is accepted. */
  value(x: number): number
  /**
   * What docs/operators.md allows around the value `y`; 0: correctly rounded or
   * exact, judged bit by bit.
   */
  allowance(x: number, y: number): number
}

const u = 2 ** -24
const tiny = 2 ** -126
const float = (value: number): OperatorAttribute => ({ type: 'float', value })
const text = (value: string): OperatorAttribute => ({ type: 'string', value })
const ulps = (count: number) => (_: number, y: number) =>
  count * 2 ** -23 * Math.abs(y) + tiny
const exact = () => 0

/** All terms are positive, so the sum is as good as float64 is. */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size >= 6) return Math.sign(x)
  let term = size
  let sum = size
  for (let n = 1; term > sum * 2 ** -54; n++) {
    term *= (2 * size * size) / (2 * n + 1)
    sum += term
  }
  const value = (2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * sum
  return x < 0 ? -value : value
}

const sigmoid = (x: number) =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))
const softplus = (x: number) =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const tanhGelu = (x: number) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
const roundEven = (x: number) => {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

const pow = (exponent: number, ulpsAllowed: number): Reference => ({
  name: `Pow ${exponent}`,
  operator: 'Pow',
  // ONNX Runtime gets a float32.
  constant: exponent,
  // C4: a negative base under a root and the pole at 0 accept anything; so does 0, or
  // what may be flushed to it, where the exponent is neither whole nor a half.
  value: (x) => {
    const pole = Number.isInteger(2 * exponent) ? exponent < 0 : true
    return pole && Math.abs(x) < tiny ? Number.NaN : x ** Math.fround(exponent)
  },
  allowance: ulps(ulpsAllowed),
})

/** Operators of one float32 input, as docs/operators.md bounds them. */
export const references: readonly Reference[] = [
  { name: 'Abs', operator: 'Abs', value: Math.abs, allowance: exact },
  { name: 'Neg', operator: 'Neg', value: (x) => -x, allowance: exact },
  { name: 'Floor', operator: 'Floor', value: Math.floor, allowance: exact },
  { name: 'Ceil', operator: 'Ceil', value: Math.ceil, allowance: exact },
  { name: 'Round', operator: 'Round', value: roundEven, allowance: exact },
  { name: 'Sign', operator: 'Sign', value: Math.sign, allowance: exact },
  {
    name: 'Relu',
    operator: 'Relu',
    value: (x) => Math.max(x, 0),
    allowance: exact,
  },
  {
    name: 'LeakyRelu',
    operator: 'LeakyRelu',
    attributes: { alpha: float(0.125) },
    value: (x) => (x < 0 ? 0.125 * x : x),
    allowance: exact,
  },
  {
    name: 'Reciprocal',
    operator: 'Reciprocal',
    // From 2^126 on a reciprocal is subnormal, and anything is accepted.
    value: (x) => (x === 0 || Math.abs(x) >= 2 ** 126 ? Number.NaN : 1 / x),
    allowance: ulps(2),
  },
  { name: 'Sqrt', operator: 'Sqrt', value: Math.sqrt, allowance: ulps(2) },
  { name: 'Exp', operator: 'Exp', value: Math.exp, allowance: ulps(4) },
  {
    name: 'Log',
    operator: 'Log',
    value: (x) => (Math.abs(x) < tiny ? Number.NaN : Math.log(x)),
    allowance: ulps(8),
  },
  { name: 'Erf', operator: 'Erf', value: erf, allowance: ulps(4) },
  { name: 'Tanh', operator: 'Tanh', value: Math.tanh, allowance: ulps(12) },
  {
    name: 'Sigmoid',
    operator: 'Sigmoid',
    value: sigmoid,
    allowance: (_, y) => 8 * u + 2 ** -21 * y + tiny,
  },
  {
    name: 'Softplus',
    operator: 'Softplus',
    value: softplus,
    allowance: (_, y) => 4 * u + 2 ** -19 * y + tiny,
  },
  {
    name: 'Elu',
    operator: 'Elu',
    attributes: { alpha: float(1) },
    value: (x) => (x < 0 ? Math.expm1(x) : x),
    allowance: (x, y) => (x < 0 ? 12 * u + 2 ** -22 * Math.abs(y) + tiny : 0),
  },
  {
    name: 'HardSwish',
    operator: 'HardSwish',
    value: (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)),
    allowance: (x) => 4 * u * Math.abs(x) + tiny,
  },
  {
    name: 'Gelu erf',
    operator: 'Gelu',
    value: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    allowance: (x) => 8 * u * Math.abs(x) + tiny,
  },
  {
    name: 'Gelu tanh',
    operator: 'Gelu',
    attributes: { approximate: text('tanh') },
    value: tanhGelu,
    allowance: (x) => 16 * u * Math.abs(x) + tiny,
  },
  pow(2, 2),
  pow(3, 5),
  pow(0.5, 2),
  pow(-1, 2),
  pow(1.7, 4),
]
