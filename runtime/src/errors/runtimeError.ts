/** What `RuntimeError` says beside its message. */
export type RuntimeErrorDetails = {
  /** Stable code, such as `LY-RUNNER-002`. */
  code: string
  /** What the reader can do about it. */
  remedy?: string | undefined
  /** Whether the same call may succeed later. */
  retryable?: boolean | undefined
  cause?: unknown
}

/** An error of the runtime package, with a stable code and a remedy. */
export class RuntimeError extends Error {
  override readonly name: string = 'RuntimeError'
  readonly code: string
  readonly remedy: string
  readonly retryable: boolean

  constructor(message: string, details: RuntimeErrorDetails) {
    super(
      message,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.code = details.code
    this.remedy = details.remedy ?? ''
    this.retryable = details.retryable ?? false
  }
}
