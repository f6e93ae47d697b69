import type { Interval } from '../types/interval.js'
import type { TensorType } from '../types/tensorType.js'
import { greatest, least } from './bigints.js'
import { axisOf, intOf } from './form.js'
import { type InputType, OperatorError, type OperatorNode } from './operator.js'
import { abs, add, type Real, real, scale, sub, toFixed } from './real.js'
import { committedAt, countOf } from './shape.js'
import { integers, limits } from './values.js'

// What quantised operators share: where a scale or zero point lies, and which
// integers a real may be rounded to. Twin of contracts/libraries/Quantization.sol.

/**
 * Committed index, in a scale or zero point, of the entry for the coordinates
 * `at`: one for all, one an index of `axis`, or (blocked) one a block of it.
 */
export function parameterAt(
  type: TensorType,
  at: readonly number[],
  axis: number,
  block: number,
): number {
  if (countOf(type.dims) === 1) return 0
  if (block === 0) return at[axis] as number
  return committedAt(
    type,
    at.map((index, k) => (k === axis ? Math.floor(index / block) : index)),
  )
}

/**
 * C4: every q with `|r - (q - zero)| <= 1/2 + 2^-20 (1 + |r|)` after saturation,
 * for a real r from `low` to `high`; both are below 2^127.
 */
export function quantized(
  low: Real,
  high: Real,
  zero: { low: bigint; high: bigint },
  dtype: number,
): Interval {
  const range = limits(dtype)
  const first = toFixed(sub(low, leeway(low), 'down'), 0, 'up') + zero.low
  const last = toFixed(add(high, leeway(high), 'up'), 0, 'down') + zero.high
  const within = (q: bigint) => greatest(range.low, least(range.high, q))
  return integers(within(first), within(last))
}

/** 1/2 + 2^-20 (1 + |r|) */
function leeway(r: Real): Real {
  return add(real((1n << 19n) + 1n, -20), scale(abs(r), -20), 'up')
}

/**
 * The attributes of a node that quantises `x` by a scale and a zero point:
 * `[axis, block]`, both 0 where one scale serves all.
 */
export function granularityOf(
  node: OperatorNode,
  x: InputType,
  parameters: readonly (InputType | undefined)[],
): [axis: number, block: number] {
  const [scales, zero] = parameters
  if (scales === undefined)
    throw new OperatorError(`${node.operator}: no scale`)
  const single = isSingle(scales)
  // Quantisers write a scalar as [] or [1], and mix the two in one node.
  if (
    zero !== undefined &&
    !(single && isSingle(zero)) &&
    String(zero.dims) !== String(scales.dims)
  )
    throw new OperatorError(
      `${node.operator}: scale of shape [${scales.dims}], zero point of [${zero.dims}]`,
    )
  if (single) return [0, 0]
  const axis = axisOf(node, intOf(node, 'axis', 1), x.dims.length)
  const block = intOf(node, 'block_size', 0)
  const expected =
    block === 0
      ? [x.dims[axis]]
      : x.dims.map((dim, k) => (k === axis ? Math.ceil(dim / block) : dim))
  if (block < 0 || String(scales.dims) !== String(expected))
    throw new OperatorError(
      `${node.operator}: scale of shape [${scales.dims}] for [${x.dims}], axis ${axis}, blocks of ${block}`,
    )
  return [axis, block]
}

function isSingle({ dims }: InputType): boolean {
  return dims.length < 2 && countOf(dims) === 1
}
