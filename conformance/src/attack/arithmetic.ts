import {
  type ManifestNode,
  type ManifestValue,
  none,
  profiles,
  roundingsOf,
  runOf,
} from '@lynode/sdk'

/** How an honest machine may add up a sum of one node: most additions in a row, 0: any. */
export type Arithmetic = { run: number }

/** What the model's profile says of a node (docs/protocol.md section 3). */
export function arithmeticOf(
  profile: number,
  values: readonly ManifestValue[],
  { opcode, inputs }: ManifestNode,
): Arithmetic {
  const weight = values[inputs[1] ?? none]
  const blocked =
    profile === profiles['f32-blocked'] &&
    (opcode === 60 || opcode === 61) &&
    weight?.kind === 'weight' &&
    weight.type.dims.length === 2
  // A sum that is no longer than a run is one of any order; C is one more term.
  const [terms = 0] = weight?.type.dims ?? []
  const run = runOf(profile)
  return { run: blocked && terms + 1 > run ? run : 0 }
}

/** u of float32: half of the distance of 1 and the next number. */
export const u = 2 ** -24

/**
 * Relative error of a term of a sum: `gamma` of docs/operators.md.
 *
 * @param more Roundings besides those of the additions.
 */
export function gammaOf({ run }: Arithmetic, terms: number, more = 0): number {
  const n = roundingsOf(terms, run) + more
  return (n * u) / (1 - n * u)
}
