import { catalogue, type ErrorCode } from './catalogue.js'

/** What goes into a {@link LynodeError}. */
export type LynodeErrorParameters = {
  /** One sentence for people; the code's own title by default. */
  shortMessage?: string | undefined
  /** The particulars: names, numbers, what was found instead. */
  details?: string | undefined
  /** What to do; the code's own remedy by default. */
  remedy?: string | undefined
  cause?: unknown
}

/**
 * An error with a stable code, in the shape of viem's errors.
 *
 * Each code has a page `docs/errors/<code>.md` with its cause, what the program
 * did and what to do.
 *
 * @example
 * const error = new LynodeError('LY-AMT-001', { details: '"5" has no unit' })
 * console.log(error.code, error.remedy)
 */
export class LynodeError extends Error {
  override readonly name = 'LynodeError'
  readonly code: ErrorCode
  readonly shortMessage: string
  readonly details: string | undefined
  /** Path of the code's page in the repository. */
  readonly docsPath: string
  readonly remedy: string
  /** Whether the same call may succeed later. */
  readonly retryable: boolean

  constructor(code: ErrorCode, parameters: LynodeErrorParameters = {}) {
    const entry = catalogue[code]
    const shortMessage = parameters.shortMessage ?? entry.title
    const remedy = parameters.remedy ?? entry.remedy
    const docsPath = `docs/errors/${code}.md`
    super(
      [
        `${shortMessage} (${code})`,
        ...(parameters.details ? [`Details: ${parameters.details}`] : []),
        `Remedy: ${remedy}`,
        `Docs: ${docsPath}`,
      ].join('\n'),
      'cause' in parameters ? { cause: parameters.cause } : undefined,
    )
    this.code = code
    this.shortMessage = shortMessage
    this.details = parameters.details
    this.docsPath = docsPath
    this.remedy = remedy
    this.retryable = entry.retryable
  }

  /**
   * Goes down the chain of causes to the first error that `fits`, or to the
   * innermost one without it.
   */
  walk(fits?: (error: unknown) => boolean): unknown {
    let error: unknown = this
    for (;;) {
      if (fits?.(error)) return error
      const cause = error instanceof Error ? error.cause : undefined
      if (cause === undefined) return fits ? undefined : error
      error = cause
    }
  }
}
