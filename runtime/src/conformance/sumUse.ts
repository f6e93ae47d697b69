import {
  dtypes,
  type ElementQuery,
  type Operand,
  roundingsOf,
} from '@lynode/sdk'

/** The exact sum of a node and its allowance, in float64. */
export type SumUse = {
  terms: number
  /**
   * Roundings to nearest that are worth those that a term goes through at most:
   * one is a correctly rounded product.
   */
  roundings: number
  /** Distance from the exact sum in allowances. */
  useOf: (claimed: number) => number
  /** What is accepted if only a share of the allowance is. */
  ends: (share: number) => [low: number, high: number]
}

/** Sums whose set is [Y - T, Y + T] (docs/operators.md, "Sums"). */
const products = new Set([60, 61, 62, 63])
const sums = new Set([70, 74])
const means = new Set([71, 80])

const unit = 2 ** -24
const one = 0x3f800000

/**
 * Sum and allowance of a dot product, sum or mean of committed operands. The
 * checker rounds the ends of its set inwards to float32, which is half of the set
 * where the terms are few; an error is measured against the ends themselves.
 * float64 is 2^29 times finer than what is measured.
 *
 * @returns `undefined` of other nodes, of Gemm with factors, and where an operand
 * is subnormal (C0).
 */
export function sumUse(
  query: ElementQuery,
  operands: readonly Operand[],
): SumUse | undefined {
  const { opcode, attributes, arithmetic } = query
  if (query.outputs[query.output]?.dtype !== dtypes.float32) return undefined
  const product = products.has(opcode)
  // AveragePool may count padded cells.
  const mean = means.has(opcode) || (opcode === 82 && attributes[0] === 0)
  if (!product && !mean && !sums.has(opcode)) return undefined
  const factors = attributes.slice(2, 4).some((word) => word !== one)
  if (opcode === 61 && factors) return undefined
  const [a = noFloats, b = noFloats, c = noFloats] = operands.map(floatsOf)
  const subnormal = [a, b, c].some((list) =>
    list.some((x) => x !== 0 && Math.abs(x) < 2 ** -126),
  )
  if (subnormal || a.length === 0) return undefined
  const terms = Array.from(a, (x, i) => x * (product ? (b[i] ?? NaN) : 1))
  if (product) terms.push(...c) // a bias is one more term
  const divisor = mean ? terms.length : 1
  const roundings = roundingsOf(terms.length, arithmetic, mean ? 2 : 0)
  let [sum, size] = [0, 0]
  for (const term of terms) {
    sum += term
    size += Math.abs(term)
  }
  const exact = sum / divisor
  if (!Number.isFinite(exact)) return undefined
  const gamma = (roundings * unit) / (1 - roundings * unit)
  const allowance = (gamma * size) / divisor + 4 * roundings * 2 ** -126
  return {
    terms: terms.length,
    roundings,
    useOf: (claimed) => Math.abs(claimed - exact) / allowance,
    ends: (share) => [exact - share * allowance, exact + share * allowance],
  }
}

const noFloats = new Float32Array(0)

function floatsOf({ data }: Operand): Float32Array {
  return new Float32Array(data.slice().buffer)
}
