import { profiles } from '@lynode/sdk'

/** What an attack moves, and how far. */
export type Plan = {
  /** Numeric profile whose bounds leave the room. */
  profile: number
  /** Only results of these operators; default all. */
  operators?: ReadonlySet<string> | undefined
  /** Share of the room that it takes. */
  share: number
}

/** All operators at 100%, 10% and 1% of the room, then each alone at 100%. */
export function plansOf(
  profile: number,
  withRoom: readonly string[],
): readonly Plan[] {
  // Elsewhere profile 2 leaves what profile 1 does.
  const alone =
    profile === profiles['f32-blocked']
      ? withRoom.filter((name) => name === 'MatMul' || name === 'Gemm')
      : withRoom
  return [
    ...[1, 0.1, 0.01].map((share) => ({ profile, share })),
    ...alone.map((name) => ({ profile, share: 1, operators: new Set([name]) })),
  ]
}
