import { LynodeError } from '@lynode/sdk'

/** The runner's own failures that a model causes. */
const ofModels: ReadonlySet<string> = new Set([
  'LY-RUNNER-001',
  'LY-RUNNER-002',
  'LY-RUNNER-003',
  'LY-RUNNER-004',
  'LY-DAT-002',
])

/**
 * Why a model or its inputs will not do here, however often they are tried: the
 * code and the message. A hostile model is looked at once and costs no more.
 *
 * @returns Nothing for an error that may pass.
 */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof LynodeError)) return undefined
  const { code } = error
  return code.startsWith('LY-MDL-') ||
    code.startsWith('LY-MODEL-') ||
    ofModels.has(code)
    ? `${code}: ${error.shortMessage}${error.details === undefined ? '' : ` (${error.details})`}`
    : undefined
}
