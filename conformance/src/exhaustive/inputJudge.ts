/**
 * What a result of an operator takes of its allowance: 0 is the exact result, 1 the
 * end of what is accepted; `wrong` where no bit may be, `undefined` where anything
 * is accepted.
 */
export type InputJudge = (
  x: number,
  own: number,
) => number | 'wrong' | undefined

/** Below every normal number. */
export const tiny: number = 2 ** -126

/**
 * What the exact result may be: a subnormal operand stands for every number between
 * 0 and it (C0). `undefined` where the function has no value.
 */
export function exactResults(
  value: (x: number) => number,
  x: number,
): [low: number, high: number] | undefined {
  const wanted = value(x)
  const flushed = x !== 0 && Math.abs(x) < tiny ? value(0) : wanted
  if (Number.isNaN(wanted) || Number.isNaN(flushed)) return undefined
  return [Math.min(wanted, flushed), Math.max(wanted, flushed)]
}
