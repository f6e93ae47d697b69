import { type Change, insert } from './change.js'
import type { DomainEvent } from './event.js'
import { toJson } from './toJson.js'

/** Keeps an event as it is: of settings that change seldom. */
export function notice(
  contract: string,
  event: string,
  { address, args, transaction }: DomainEvent<unknown>,
): Change {
  return insert('notice', {
    contract,
    address,
    event,
    args: toJson(args ?? {}) as Record<string, unknown>,
    transaction: transaction.hash,
  })
}

/** A rule that keeps the event as it is. */
export function noticed(contract: string, event: string) {
  return (happened: DomainEvent<unknown>): readonly Change[] => [
    notice(contract, event, happened),
  ]
}
