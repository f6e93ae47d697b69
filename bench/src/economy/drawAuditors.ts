import type { Assumptions, EconomyParameters } from './economy.js'

/** How a verifier behaves. */
export type VerifierKind = 'honest' | 'copying' | 'sleeping' | 'corruptible'

export type Verifier = { kind: VerifierKind; share: number }

/** A verifier that a draw gave seats. */
export type Auditor = { verifier: Verifier; seats: number }

/** Verifiers of uneven stake, the kinds as the assumptions have them. */
export function makeVerifiers(
  { verifiers, copying, sleeping, corruptible }: Assumptions,
  random: () => number,
): Verifier[] {
  const kinds: [VerifierKind, number][] = [
    ['copying', copying],
    ['sleeping', sleeping],
    ['corruptible', corruptible],
    ['honest', 1 - copying - sleeping - corruptible],
  ]
  return kinds.flatMap(([kind, part]) => {
    const count = Math.round(part * verifiers)
    const stakes = Array.from({ length: count }, () => 0.5 + random())
    const total = stakes.reduce((sum, stake) => sum + stake, 0)
    return stakes.map((stake) => ({ kind, share: (part * stake) / total }))
  })
}

/**
 * The draw of `AuditManager`: seats linear in stake, their fraction decided by
 * the seed. If nobody reveals, once more at twice the rate (RULES E1).
 *
 * @param reveals - Whether a verifier reveals anything, true or false.
 * @returns The auditors of the round that counts, and all who were drawn and stayed away.
 */
export function drawAuditors(
  verifiers: readonly Verifier[],
  { seats }: EconomyParameters,
  random: () => number,
  reveals: (verifier: Verifier) => boolean,
): { auditors: Auditor[]; absent: Verifier[] } {
  const absent: Verifier[] = []
  for (const round of [1, 2]) {
    const drawn: Auditor[] = []
    for (const verifier of verifiers) {
      const expected = seats * round * verifier.share
      const whole = Math.floor(expected)
      const got = whole + (random() < expected - whole ? 1 : 0)
      if (got > 0) drawn.push({ verifier, seats: got })
    }
    const auditors = drawn.filter(({ verifier }) => reveals(verifier))
    for (const { verifier } of drawn)
      if (!reveals(verifier)) absent.push(verifier)
    if (auditors.length > 0) return { auditors, absent }
  }
  return { auditors: [], absent }
}
