import { LynodeError } from '../errors/lynodeError.js'
import type { Checker, ElementQuery, Range } from '../operators/operator.js'
import { committedIndex } from '../tensor/committedIndex.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes } from '../tree/blobRoot.js'
import { dtypes } from '../types/tensorType.js'

// Reductions that are judged part by part (RULES A9).

/** Most terms of a sum, in one transaction or many. Twin of `ExactDot.MAX_TERMS`. */
const longest = 65_535
/** Terms of a part: two float32 operands of 8,192 terms are 64 kB. */
export const mostTerms = 8_192
/** Twin of `Accumulations.LEAST_TERMS`. */
export const leastTerms = 1_024
/** Chunks that one transaction opens besides its proofs. */
export const mostChunks = 88

/**
 * Whether an element that one transaction cannot prove can be judged in parts: a
 * checker that does so, few enough terms, and operands that lie close enough.
 */
export function judgedInParts(
  checker: Checker,
  query: Omit<ElementQuery, 'output' | 'element'>,
): boolean {
  const served = [60, 61, 62, 63, 70, 71, 80, 90].includes(query.opcode)
  const [result] = query.outputs
  if (!served || result?.dtype !== dtypes.float32) return false
  // Away from the borders, where a window is whole.
  const element = Math.floor(elementCount(result.dims) / 2)
  const own: ElementQuery = { ...query, output: 0, element }
  const ranges = checker.ranges(own)
  const terms = ranges
    .filter(({ operand }) => operand === 0)
    .reduce((sum, { count }) => sum + count, 0)
  if (terms > longest) return false
  const { operands } = partialRule(own, ranges)
  const chunks = new Set<string>()
  for (const { operand, first, count, stride } of partOf(
    ranges,
    operands,
    0,
    Math.min(leastTerms, terms),
  )) {
    const width = elementBytes(query.inputs[operand]?.dtype ?? 0) ?? 8
    for (let i = 0; i < count; i++)
      chunks.add(
        `${operand}:${Math.floor(((first + i * stride) * width) / chunkBytes)}`,
      )
  }
  return chunks.size <= mostChunks
}

/** How a checker reads in parts. Twin of `IPartialChecker.parts`. */
export type PartialRule = {
  /** The first operands are cut, so many. */
  operands: number
  /** What the verdict reads besides. */
  rest: readonly Range[]
  /** From the float32 words of an operand. */
  hint(words: (operand: number) => readonly number[]): bigint
}

export function partialRule(
  query: ElementQuery,
  ranges: readonly Range[],
): PartialRule {
  const { opcode, inputs, element } = query
  switch (opcode) {
    case 60: // MatMul, Gemm, Conv, ConvTranspose
    case 61:
    case 62:
    case 63:
      return {
        operands: 2,
        rest: ranges.filter(({ operand }) => operand >= 2),
        hint: (words) => {
          const [a, b, c] = [words(0), words(1), words(2)]
          return highest([
            ...a.map((word, i) => order(word, b[i] ?? 0)),
            ...c.map((word) => order(word, one)),
          ])
        },
      }
    case 70: // ReduceSum, ReduceMean, GlobalAveragePool
    case 71:
    case 80:
      return {
        operands: 1,
        rest: [],
        hint: (words) => highest(words(0).map((word) => order(word, one))),
      }
    case 90: {
      // Softmax
      const first = committedIndex(inputs[0]!, element)
      return {
        operands: 1,
        rest: [{ operand: 0, first, count: 1, stride: 1 }],
        hint: (words) =>
          BigInt(words(0).reduce((a, b) => (rank(b) > rank(a) ? b : a))),
      }
    }
    default:
      throw new LynodeError('LY-PRF-005', {
        details: `opcode ${opcode} is not judged in parts`,
      })
  }
}

/** Bits of 1. */
const one = 0x3f800000

/** Sum of the exponent fields of a product; 0 where an operand has none. */
function order(a: number, b: number): number {
  const [f, g] = [(a >>> 23) & 0xff, (b >>> 23) & 0xff]
  return f === 0 || g === 0 ? 0 : f + g
}

/** The contract takes orders from 1 on; lower ones count as the least that sums go by. */
function highest(orders: readonly number[]): bigint {
  return BigInt(orders.reduce((a, b) => Math.max(a, b), 1))
}

/** Float32 words in their order, as unsigned numbers. */
function rank(word: number): number {
  return word >>> 31 === 0 ? (word ^ 0x80000000) >>> 0 : ~word >>> 0
}

/** Terms `from` to `from + count - 1` of the first operands. Twin of `ReductionVerifier`'s. */
export function partOf(
  ranges: readonly Range[],
  operands: number,
  from: number,
  count: number,
): Range[] {
  const starts = new Map<number, number>()
  return ranges.flatMap((range) => {
    const start = starts.get(range.operand) ?? 0
    starts.set(range.operand, start + range.count)
    const low = Math.max(start, from)
    const high = Math.min(start + range.count, from + count)
    if (range.operand >= operands || low >= high) return []
    const first = range.first + (low - start) * range.stride
    return [{ ...range, first, count: high - low }]
  })
}
