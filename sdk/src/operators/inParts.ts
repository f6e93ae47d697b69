import { maxTerms } from './exactDot.js'
import type { PartialRule, Range } from './operator.js'

// How sums go in part by part: docs/operators.md, "In parts". Twin of what
// `parts` and the hint of `absorb` are in the Solidity checkers.

/** Terms of a part of four-byte elements: two operands of 8,192 are 64 kB. */
export const partOfWords = 8_192

/**
 * A sum of products of operands 0 and 1; the elements of operand 2 that `ranges`
 * name are further terms, times 1.
 */
export function productInParts(ranges: readonly Range[]): PartialRule {
  return {
    cut: [0, 1],
    rest: ranges.filter(({ operand }) => operand >= 2),
    part: partOfWords,
    longest: maxTerms,
    hint: (words) => {
      const [a, b, c] = [words(0), words(1), words(2)]
      return highest([
        ...a.map((word, i) => order(word, b[i] ?? 0)),
        ...c.map((word) => order(word, one)),
      ])
    },
  }
}

/** A sum of the elements of operand 0. */
export const sumInParts: PartialRule = {
  cut: [0],
  rest: [],
  part: partOfWords,
  longest: maxTerms,
  hint: (words) => highest(words(0).map((word) => order(word, one))),
}

/** Elements of operand 0 in any order, of which nothing is to be known beforehand. */
export const unhinted: PartialRule = {
  cut: [0],
  rest: [],
  part: partOfWords,
  longest: maxTerms,
  hint: () => 0n,
}

/** Bits of 1. */
const one = 0x3f800000

/** Exponent field of a float32 word. */
export function fieldOf(word: number): number {
  return (word >>> 23) & 0xff
}

/** Sum of the exponent fields of a product; 0 where an operand has none. */
function order(a: number, b: number): number {
  const [f, g] = [fieldOf(a), fieldOf(b)]
  return f === 0 || g === 0 ? 0 : f + g
}

/** The contract takes orders from 1 on; lower ones count as the least that sums go by. */
export function highest(orders: readonly number[]): bigint {
  return BigInt(orders.reduce((a, b) => Math.max(a, b), 1))
}
