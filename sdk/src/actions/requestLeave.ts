import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RequestLeaveParameters = { token: Address; amount: bigint }

/** Arguments of `LeaveRequested`. */
export type RequestLeaveEvent = {
  token: Address
  account: Address
  amount: bigint
  readyAt: number
}

/**
 * Announces that committed balance shall become free after the notice period (`Ledger.requestLeave`, RULES D8).
 *
 * @example
 * await requestLeave(client, { token, amount })
 */
export const requestLeave: WriteAction<
  RequestLeaveParameters,
  RequestLeaveEvent
> = writeAction({
  contract: 'ledger',
  abi: ledgerAbi,
  functionName: 'requestLeave',
  args: ({ token, amount }) => [token, amount],
  eventName: 'LeaveRequested',
})
