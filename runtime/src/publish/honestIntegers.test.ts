import { test } from 'vitest'
import {
  bits,
  type Form,
  int,
  judgeOperator,
  one,
  pick,
} from './honestNode.test.support.js'

// The first property of the system (DESIGN 6.4) for arithmetic on integers.

/** Small, or of any 64 bits. */
const wide = (): bigint =>
  int(0, 2)
    ? BigInt.asUintN(64, BigInt(int(-9, 9)))
    : (BigInt(bits()) << 32n) | BigInt(bits())
/** Sums of a few stay within 31 bits, or leave them. */
const large = (): bigint =>
  BigInt.asUintN(64, BigInt(int(-(2 ** 29), 2 ** 29)) >> BigInt(int(0, 12)))

const forms: Record<string, () => Form> = {
  Div() {
    const dtype = pick([6, 7] as const)
    const dims = [int(1, 4), int(1, 9)]
    return {
      inputs: [
        { dtype, dims, draw: wide },
        {
          dtype,
          dims: pick([[], dims, [dims[1] as number]]),
          draw: () => BigInt.asUintN(64, BigInt(pick([-7, -2, 1, 2, 3, 1000]))),
          constant: true,
        },
      ],
    }
  },
  CumSum() {
    return {
      inputs: [
        { dtype: pick([6, 7] as const), dims: [2, int(1, 20)], draw: wide },
        { dtype: 7, dims: [], draw: () => 1n, constant: true },
      ],
      attributes: { exclusive: one(int(0, 1)), reverse: one(int(0, 1)) },
    }
  },
  ReduceSum() {
    const dims = [int(1, 4), int(1, 9), int(1, 20)]
    return {
      inputs: [
        {
          dtype: pick([6, 7] as const),
          dims,
          draw: pick([wide, large, large]),
        },
        {
          dtype: 7,
          dims: [1],
          draw: () => BigInt.asUintN(64, BigInt(int(-3, 2))),
          constant: true,
        },
      ],
      attributes: { keepdims: one(int(0, 1)) },
    }
  },
}

test.each(Object.entries(forms))('integers of %s', async (name, make) => {
  await judgeOperator(name, make)
})
