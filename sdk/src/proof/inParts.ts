import type {
  Checker,
  ElementQuery,
  PartialRule,
  Range,
} from '../operators/operator.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import { chunkBytes } from '../tree/blobRoot.js'

// Reductions that are judged part by part (RULES A9).

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
  const [result] = query.outputs
  if (checker.parts === undefined || result === undefined) return false
  const count = elementCount(result.dims)
  // A window is whole away from the borders, a running sum longest at an end.
  const [longest] = [Math.floor(count / 2), 0, count - 1]
    .map((element) => {
      const own: ElementQuery = { ...query, output: 0, element }
      const ranges = checker.ranges(own)
      return { own, ranges, terms: termsOf(ranges) }
    })
    .sort((a, b) => b.terms - a.terms)
  if (longest === undefined) return false
  const { own, ranges, terms } = longest
  const rule = checker.parts(own)
  if (terms > rule.longest) return false
  const chunks = new Set<string>()
  for (const { operand, first, count, stride } of partOf(
    ranges,
    rule,
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

/** Terms of a reduction: the elements that its ranges name of the first operand. */
export function termsOf(ranges: readonly Range[]): number {
  return ranges
    .filter(({ operand }) => operand === 0)
    .reduce((sum, { count }) => sum + count, 0)
}

/** Terms `from` to `from + count - 1` of the operands that are cut. Twin of `ReductionVerifier`'s. */
export function partOf(
  ranges: readonly Range[],
  { cut }: Pick<PartialRule, 'cut'>,
  from: number,
  count: number,
): Range[] {
  const starts = new Map<number, number>()
  return ranges.flatMap((range) => {
    const start = starts.get(range.operand) ?? 0
    starts.set(range.operand, start + range.count)
    const low = Math.max(start, from)
    const high = Math.min(start + range.count, from + count)
    if (!cut.includes(range.operand) || low >= high) return []
    const first = range.first + (low - start) * range.stride
    return [{ ...range, first, count: high - low }]
  })
}
