import type { Daemon } from '../daemon/openDaemon.js'
import type { Intent } from './outbox.js'
import { TransactionError } from './transactionError.js'

/**
 * Sends what somebody else may do first, or what it may be too late for.
 *
 * @returns Whether it is mined; `false` when the contract refuses it.
 * @throws TransactionError when nothing says why it failed.
 */
export async function attempt(
  { outbox, logger }: Pick<Daemon, 'outbox' | 'logger'>,
  intent: Intent,
): Promise<boolean> {
  try {
    await outbox.send(intent)
    return true
  } catch (error) {
    if (!(error instanceof TransactionError) || error.reason === undefined)
      throw error
    logger.debug(
      { obligation: intent.key, reason: error.reason.name },
      'refused',
    )
    return false
  }
}
