import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DepositCommittedParameters = { token: Address; amount: bigint }

/** Arguments of `Committed`. */
export type DepositCommittedEvent = {
  token: Address
  account: Address
  amount: bigint
}

/**
 * Deposits tokens straight into the caller's committed balance, which orders spend (`Ledger.depositCommitted`).
 *
 * @example
 * await depositCommitted(client, { token, amount })
 */
export const depositCommitted: WriteAction<
  DepositCommittedParameters,
  DepositCommittedEvent
> = writeAction({
  contract: 'ledger',
  abi: ledgerAbi,
  functionName: 'depositCommitted',
  args: ({ token, amount }) => [token, amount],
  eventName: 'Committed',
})
