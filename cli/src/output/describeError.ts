import { toLynodeError } from '@lynode/sdk'

/** What every command says about an error. */
export type ErrorDescription = {
  code: string
  message: string
  remedy: string
  /** The page about this code in the repository. */
  docs: string
}

/** Describes anything that was thrown by its code, in one sentence. */
export function describeError(error: unknown): ErrorDescription {
  const known = isCoded(error) ? error : toLynodeError(error)
  const details = 'details' in known ? known.details : undefined
  const message =
    'shortMessage' in known ? String(known.shortMessage) : known.message
  return {
    code: known.code,
    message:
      typeof details === 'string' && details !== ''
        ? `${message}: ${details}`
        : message,
    remedy: known.remedy,
    docs: `docs/errors/${known.code}.md`,
  }
}

type Coded = Error & { code: string; remedy: string }

/** The packages have error classes of their own, all with a code and a remedy. */
function isCoded(error: unknown): error is Coded {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('LY-') &&
    'remedy' in error
  )
}
