import { roundingsOf } from './exactDot.js'
import type { Range } from './operator.js'

// What numeric profiles and derived values say of sums. Twin of
// `contracts/libraries/SumRules.sol`.

/** Profile 1, `f32-plain`: sums in any order. */
export const plainProfile = 1

/**
 * Profile 2, `f32-blocked`: products by a matrix of weights in runs of at most
 * {@link block} terms.
 */
export const blockedProfile = 2

/**
 * Numeric profiles by name (docs/protocol.md section 3).
 *
 * @example
 * const { header } = manifest
 * const blocked = header.profile === profiles['f32-blocked']
 */
export const profiles: { readonly 'f32-plain': 1; readonly 'f32-blocked': 2 } =
  {
    'f32-plain': plainProfile,
    'f32-blocked': blockedProfile,
  }

/** Name of a numeric profile. */
export type ProfileName = keyof typeof profiles

/** Terms of a run under profile 2. */
export const block = 256

/**
 * Whether the profile's run holds for the sums of an operator, if its second
 * operand is a matrix of weights: MatMul and Gemm, whose kernels pack such a matrix
 * in blocks. Sums of other operators, and products of two activations, may have any
 * order.
 */
export function isProduct(opcode: number): boolean {
  return opcode === 60 || opcode === 61
}

/**
 * Most terms of a sum that a machine may add one after the other by a model's
 * profile, in a product by a matrix of weights; 0: any number.
 *
 * @example
 * const run = runOf(profiles['f32-blocked']) // 256
 */
export function runOf(profile: number): number {
  return profile === blockedProfile ? block : 0
}

/**
 * Terms of the sum that a machine may go on adding to where a node's result is
 * derived; 0 without one. Under a profile with a run, roundings that a term of it
 * goes through.
 *
 * @param ranges What the node's checker reads.
 * @param fused The same of its derived operands.
 * @param run As in `ElementQuery`.
 */
export function termsBehind(
  opcode: number,
  ranges: readonly Range[],
  fused: number,
  run: number,
): number {
  if (opcode < reductions) return carriesSum(opcode) ? fused : 0
  const terms = new Map<number, number>()
  for (const { operand, count } of ranges)
    terms.set(operand, (terms.get(operand) ?? 0) + count)
  const most = Math.max(0, ...terms.values())
  return most > 1 ? roundingsOf(most, run) : 0
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
