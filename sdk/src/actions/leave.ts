import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type LeaveParameters = { token: Address }

/** Arguments of `Left`. */
export type LeaveEvent = { token: Address; account: Address; amount: bigint }

/**
 * Moves what was announced to free after the notice period (`Ledger.leave`).
 *
 * @example
 * await leave(client, { token })
 */
export const leave: WriteAction<LeaveParameters, LeaveEvent> = writeAction({
  contract: 'ledger',
  abi: ledgerAbi,
  functionName: 'leave',
  args: ({ token }) => [token],
  eventName: 'Left',
})
