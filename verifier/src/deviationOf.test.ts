import { type Dtype, dtypes } from '@lynode/sdk'
import { describe, expect, it } from 'vitest'
import { deviationOf } from './deviationOf.js'

const { float32, int32 } = dtypes

function deviation(
  dtype: Dtype,
  ...[claimed, own, rounded]: [number[], number[], number[]]
): number {
  const bytes = (values: number[]) =>
    new Uint8Array(
      dtype === float32
        ? Float32Array.from(values).buffer
        : Int32Array.from(values).buffer,
    )
  const type = { dtype, dims: [own.length], perm: [0] }
  return deviationOf(type, {
    claimed: bytes(claimed),
    own: bytes(own),
    rounded: bytes(rounded),
  })
}

describe('deviationOf', () => {
  it('counts the largest difference in the largest that rounding makes', () => {
    expect(deviation(float32, [1, 2.5, 3], [1, 2, 3], [1.125, 2, 2.75])).toBe(2)
  })

  it('is nothing for the same bits, whatever rounding does', () => {
    expect(deviation(float32, [1, 2], [1, 2], [1, 2])).toBe(0)
    expect(deviation(float32, [Number.NaN], [Number.NaN], [1])).toBe(0)
  })

  it('takes a unit in the last place for rounding, where the run shows none', () => {
    expect(deviation(float32, [1 + 2 ** -22], [1], [1])).toBe(2)
    expect(deviation(float32, [0], [2 ** -127], [2 ** -127])).toBe(0.5)
    expect(deviation(float32, [1], [0], [0])).toBe(2 ** 126)
  })

  it('is infinite for another integer where rounding moves none, and for what is no number', () => {
    expect(deviation(int32, [1, 3], [1, 2], [1, 2])).toBe(
      Number.POSITIVE_INFINITY,
    )
    expect(deviation(float32, [Number.NaN, 1], [1, 1], [1.5, 1])).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  it('leaves out what rounding tips over, and only that', () => {
    const high = Number.POSITIVE_INFINITY
    expect(deviation(float32, [3e38, 5], [3.1e38, 1], [high, 1.5])).toBe(8)
  })
})
