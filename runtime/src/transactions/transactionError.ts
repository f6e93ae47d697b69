import { RuntimeError } from '../errors/runtimeError.js'
import type { RevertReason } from './revertReason.js'

/** A transaction that the chain refuses or that could not be sent. */
export class TransactionError extends RuntimeError {
  override readonly name = 'TransactionError'
  /** Decoded error of the contract, if it was a revert. */
  readonly reason: RevertReason | undefined

  constructor(
    message: string,
    details: {
      code: string
      remedy: string
      reason?: RevertReason | undefined
      cause?: unknown
    },
  ) {
    super(message, { ...details, retryable: details.reason === undefined })
    this.reason = details.reason
  }
}
