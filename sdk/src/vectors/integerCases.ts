import {
  anyInteger,
  between,
  dimsOf,
  int,
  type NumericRecipe,
  pick,
} from './numericCases.js'
import type { Random } from './operatorVectors.js'

// Random nodes of arithmetic on integers whose rules are not those of floats.

/** Of at most 28 bits: sums of a few stay within 31. */
const calm = (random: Random): bigint =>
  BigInt.asUintN(64, BigInt((random() | 0) >> between(random, 3, 30)))

/** Integer division by constants, and sums. */
export const integerRecipes: readonly NumericRecipe[] = [
  {
    name: 'divinteger',
    operator: 'Div',
    node(random) {
      const dtype = pick(random, [2, 3, 6, 7] as const)
      const dims = dimsOf(random, 3)
      const size = BigInt([8, 8, 32, 64][[2, 3, 6, 7].indexOf(dtype)] ?? 8)
      const minusOne = (1n << size) - 1n
      return {
        opset: 14,
        inputs: [
          { dtype, dims },
          {
            dtype,
            dims: random() & 1 ? [] : dims,
            constant: true,
            // C5: neither 0 nor -1; of an unsigned type the last is a number like others.
            draw(own) {
              const divisor = anyInteger(own, dtype) % (minusOne + 1n)
              return divisor === 0n || divisor === minusOne ? 3n : divisor
            },
          },
        ],
      }
    },
  },
  {
    name: 'reducesuminteger',
    operator: 'ReduceSum',
    node(random) {
      const dtype = pick(random, [6, 7] as const)
      const dims = dimsOf(random, 3, 5)
      const axis = between(random, -dims.length, dims.length - 1)
      return {
        opset: 13,
        attributes: { keepdims: int(random() & 1) },
        inputs: [
          { dtype, dims, ...(random() & 1 ? { draw: calm } : {}) },
          {
            dtype: 7,
            dims: [1],
            constant: true,
            draw: () => BigInt.asUintN(64, BigInt(axis)),
          },
        ],
      }
    },
  },
]
