import { type ErrorCode, LynodeError } from '@lynode/sdk'
import type { RevertReason } from './revertReason.js'

/** A transaction that the chain refuses or that could not be sent. */
export class TransactionError extends LynodeError {
  /** Decoded error of the contract, if it was a revert. */
  readonly reason: RevertReason | undefined

  constructor(
    code: ErrorCode,
    shortMessage: string,
    details: { reason?: RevertReason | undefined; cause?: unknown } = {},
  ) {
    super(code, { shortMessage, cause: details.cause })
    this.reason = details.reason
  }
}
