/**
 * One line about anything thrown. viem's errors carry paragraphs with call
 * data; their `shortMessage` says what happened.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('shortMessage' in error && typeof error.shortMessage === 'string')
    return error.shortMessage
  return error.message
}
