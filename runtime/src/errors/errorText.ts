import { LynodeError } from '@lynode/sdk'

/**
 * One line about anything thrown. viem's errors carry paragraphs with call
 * data; their `shortMessage` says what happened, and the details of ours why.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof LynodeError && error.details)
    return `${error.shortMessage}: ${error.details}`
  if ('shortMessage' in error && typeof error.shortMessage === 'string')
    return error.shortMessage
  return error.message
}
