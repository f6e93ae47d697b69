import { arithmetics } from '../types/arithmetic.js'
import type { Interval } from '../types/interval.js'
import type { TensorType } from '../types/tensorType.js'
import { anything, interval } from './float32.js'
import type { Checker, ElementQuery, Operand } from './operator.js'
import {
  abs,
  add,
  ceilKey,
  div,
  floorKey,
  fromKey,
  max,
  mul,
  type Real,
  real,
  sub,
  zero,
} from './real.js'
import { requireCommitted } from './requireCommitted.js'
import { committedAt, coordinatesOf } from './shape.js'
import { typeAt } from './typeAt.js'
import { finite, floatAt, overflows } from './values.js'

// Resize of mode linear: a weighted mean of neighbours whose weights follow from
// the manifest. Twin of contracts/verification/operators/ResizeChecker.sol.

const opcode = 110

/** A neighbour along one axis: its position, and its weight times the divisor. */
type Neighbour = { position: number; weight: number }

/** A neighbour over all axes. */
type Term = { index: number; weight: bigint }

/** Attributes: factor, offset and divisor of every axis, in lowest terms. */
export const interpolation: Checker = {
  opcode,
  class: 'float',
  ranges: (query) =>
    termsOf(query).map(({ index }) => ({
      operand: 0,
      first: index,
      count: 1,
      stride: 1,
    })),
  evaluate(query, operands) {
    requireCommitted(operands)
    const terms = termsOf(query)
    return meanOf(query, terms, operands[0] as Operand)
  },
}

/**
 * What a weighted mean of the terms can be: docs/operators.md, "Resize, linear".
 */
function meanOf(
  query: ElementQuery,
  terms: readonly Term[],
  x: Operand,
): Interval {
  let low = zero
  let high = zero
  let weighted = zero
  let plain = zero
  for (const [i, { weight }] of terms.entries()) {
    const value = floatAt(x, i)
    // C2
    if (!finite(value)) return anything()
    const [from, to] = [fromKey(value.low), fromKey(value.high)]
    const size = max(abs(from), abs(to))
    const factor = real(weight)
    low = add(low, mul(from, factor, 'down'), 'down')
    high = add(high, mul(to, factor, 'up'), 'up')
    weighted = add(weighted, mul(size, factor, 'up'), 'up')
    plain = add(plain, size, 'up')
  }
  const { divisor, inexact } = gridOf(query)
  // In WGSL a rounding is twice as far, and a division within 2.5 ulp.
  const times = query.arithmetic === arithmetics.wgsl ? 2n : 1n
  const roundings = times * BigInt(terms.length + 2 * axesOf(query) + 3)
  const size = div(weighted, real(divisor), 'up')
  const slack = [
    mul(size, real(roundings, -24), 'up'),
    mul(plain, real(times * 16n * inexact, -24), 'up'),
    real(4n * roundings, -126),
  ].reduce((total, part) => add(total, part, 'up'), zero)
  // C2
  if (overflows(add(size, slack, 'up'))) return anything()
  const ends: [Real, Real] = [
    sub(div(low, real(divisor), 'down'), slack, 'down'),
    add(div(high, real(divisor), 'up'), slack, 'up'),
  ]
  return interval(ceilKey(ends[0]), floorKey(ends[1]))
}

/** All neighbours of the element, the last axis innermost. */
function termsOf(query: ElementQuery): Term[] {
  const x = typeAt(query.inputs, 0)
  const at = coordinatesOf(typeAt(query.outputs, 0).dims, query.element)
  let partial: { position: number[]; weight: bigint }[] = [
    { position: [], weight: 1n },
  ]
  at.forEach((position, axis) => {
    const near = neighboursOf(query, x, axis, position)
    partial = partial.flatMap((head) =>
      near.map((next) => ({
        position: [...head.position, next.position],
        weight: head.weight * BigInt(next.weight),
      })),
    )
  })
  return partial.map(({ position, weight }) => ({
    index: committedAt(x, position),
    weight,
  }))
}

/**
 * The two neighbours of a position along an axis, or one at the borders. Where
 * the exact coordinate is whole but need not be exact in float32, the neighbour
 * before it counts too, with weight 0.
 */
function neighboursOf(
  query: ElementQuery,
  x: TensorType,
  axis: number,
  position: number,
): Neighbour[] {
  const word = (list: number) => wordAt(query, list, axis)
  const divisor = word(2)
  const last = (x.dims[axis] as number) - 1
  const scaled = Math.min(
    Math.max(word(0) * position + word(1), 0),
    last * divisor,
  )
  const below = Math.floor(scaled / divisor)
  const part = scaled % divisor
  const near: Neighbour[] = []
  if (part === 0 && below > 0 && !isExact(query, axis))
    near.push({ position: below - 1, weight: 0 })
  near.push({ position: below, weight: divisor - part })
  // Even one of weight 0 may be multiplied.
  if (below < last && isInterpolated(query, axis))
    near.push({ position: below + 1, weight: part })
  return near
}

/**
 * The product of all divisors, and how far float32 coordinates may be off: the
 * sizes (and 1) of the axes where they are not exact.
 */
function gridOf(query: ElementQuery): { divisor: bigint; inexact: bigint } {
  let divisor = 1n
  let inexact = 0n
  typeAt(query.inputs, 0).dims.forEach((dim, axis) => {
    const own = wordAt(query, 2, axis)
    divisor *= BigInt(own)
    if (!isExact(query, axis)) inexact += BigInt(dim) + 1n
  })
  return { divisor, inexact }
}

/** Axes that kernels interpolate along. */
function axesOf(query: ElementQuery): number {
  const { dims } = typeAt(query.inputs, 0)
  return dims.filter((_, axis) => isInterpolated(query, axis)).length
}

/**
 * Whether kernels interpolate along an axis: where it is resized, and along
 * every axis of space in any case (batch and channels come first from rank 4 on).
 */
function isInterpolated(query: ElementQuery, axis: number): boolean {
  const resized = wordAt(query, 0, axis) !== 1 || wordAt(query, 2, axis) !== 1
  return resized || axis > 1 || typeAt(query.inputs, 0).dims.length < 4
}

function wordAt(query: ElementQuery, list: number, axis: number): number {
  const rank = typeAt(query.inputs, 0).dims.length
  return query.attributes[list * rank + axis] as number
}

/**
 * Whether float32 coordinates along an axis are exact: where the divisor is a power
 * of two; in WGSL, whose quotients need not be, only where nothing is divided.
 */
function isExact(query: ElementQuery, axis: number): boolean {
  const divisor = wordAt(query, 2, axis)
  if (query.arithmetic !== arithmetics.wgsl)
    return (divisor & (divisor - 1)) === 0
  return divisor === 1 && wordAt(query, 0, axis) === 1
}
