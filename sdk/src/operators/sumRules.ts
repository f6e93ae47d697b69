import { type Arithmetic, arithmetics } from '../types/arithmetic.js'
import { roundingsOf } from './exactDot.js'
import type { Range } from './operator.js'

// What numeric profiles and derived values say of sums. Twin of
// `contracts/libraries/SumRules.sol`.

/** Profile 1, `f32-plain`: sums in any order. */
export const plainProfile = 1

/** Profile 2, `f32-blocked`: products by a matrix of weights in runs of terms. */
const blockedProfile = 2

/** Profile 3, `f32-wgsl`: what WebGPU's shading language allows. */
const wgslProfile = 3

/**
 * Numeric profiles by name (docs/protocol.md section 3).
 *
 * @example
 * const { header } = manifest
 * const blocked = header.profile === profiles['f32-blocked']
 */
export const profiles: {
  readonly 'f32-plain': 1
  readonly 'f32-blocked': 2
  readonly 'f32-wgsl': 3
} = {
  'f32-plain': plainProfile,
  'f32-blocked': blockedProfile,
  'f32-wgsl': wgslProfile,
}

/** Name of a numeric profile. */
export type ProfileName = keyof typeof profiles

/**
 * Whether the profile's run holds for the sums of an operator, if its second
 * operand is a matrix of weights: MatMul and Gemm, whose kernels pack such a matrix
 * in blocks. Sums of other operators, and products of two activations, may have any
 * order.
 */
export function isProduct(opcode: number): boolean {
  return opcode === 60 || opcode === 61
}

/** What a model's profile says of its nodes; `blocked` holds only where {@link isProduct} does. */
export function arithmeticOf(profile: number): Arithmetic {
  if (profile === wgslProfile) return arithmetics.wgsl
  return profile === blockedProfile ? arithmetics.blocked : arithmetics.plain
}

/**
 * Terms of the sum that a machine may go on adding to where a node's result is
 * derived; 0 without one. Under other profiles than the first, roundings that a
 * term of it goes through.
 *
 * @param ranges What the node's checker reads.
 * @param fused The same of its derived operands.
 */
export function termsBehind(
  opcode: number,
  ranges: readonly Range[],
  fused: number,
  arithmetic?: Arithmetic,
): number {
  if (opcode < reductions) return carriesSum(opcode) ? fused : 0
  const terms = new Map<number, number>()
  for (const { operand, count } of ranges)
    terms.set(operand, (terms.get(operand) ?? 0) + count)
  const most = Math.max(0, ...terms.values())
  return most > 1 ? roundingsOf(most, arithmetic) : 0
}

/** Operators of one element of each operand have opcodes below. */
const reductions = 60

/**
 * Movement, Add, Sub, Mul, Div, Neg, Sum, Mean: what a kernel could do to an
 * accumulator before its last rounding.
 */
function carriesSum(opcode: number): boolean {
  return opcode <= 24 || opcode === 28 || opcode === 29
}
