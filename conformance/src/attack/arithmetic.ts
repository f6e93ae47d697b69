import {
  type Arithmetic,
  arithmetics,
  type ManifestNode,
  type ManifestValue,
  none,
  profiles,
  roundingsOf,
} from '@lynode/sdk'

/**
 * What an honest machine may compute a node with, by the model's profile
 * (docs/protocol.md section 3), as `judgeElement` takes it.
 */
export function arithmeticOf(
  profile: number,
  values: readonly ManifestValue[],
  { opcode, inputs }: ManifestNode,
): Arithmetic {
  if (profile === profiles['f32-wgsl']) return arithmetics.wgsl
  if (profile !== profiles['f32-blocked']) return arithmetics.plain
  const isProduct = opcode === 60 || opcode === 61
  const weight = values[inputs[1] ?? none]
  if (!isProduct || weight?.kind !== 'weight' || weight.type.dims.length !== 2)
    return arithmetics.plain
  // Blocks of a sum that is no longer than one change nothing; C is one more term.
  const terms = (weight.type.dims[0] ?? 0) + 1
  return roundingsOf(terms, arithmetics.blocked) < terms
    ? arithmetics.blocked
    : arithmetics.plain
}

/** u of float32: half of the distance of 1 and the next number. */
export const u = 2 ** -24

/**
 * Relative error of a term of a sum: `gamma` of docs/operators.md.
 *
 * @param more Roundings after the sum.
 */
export function gammaOf(
  arithmetic: Arithmetic,
  terms: number,
  more = 0,
): number {
  const n = roundingsOf(terms, arithmetic, more)
  return (n * u) / (1 - n * u)
}
