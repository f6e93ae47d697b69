/**
 * Examples that need a past which the devnet of the test has not, and the code
 * with which the contracts refuse them there: they run up to the contract.
 */
export const refusedExamples: Readonly<
  Record<string, { code: string; reason: string }>
> = {}
