import { LynodeError } from '@lynode/sdk'

/** The code of an error, as a label of a metric: `unknown` where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof LynodeError ? error.code : 'unknown'
}
