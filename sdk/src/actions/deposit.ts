import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type DepositParameters = { token: Address; to: Address; amount: bigint }

/** Arguments of `Deposited`. */
export type DepositEvent = {
  token: Address
  from: Address
  to: Address
  amount: bigint
}

/**
 * Deposits tokens into a free balance; the ledger needs an allowance (`Ledger.deposit`).
 *
 * @example
 * await deposit(client, { token, to: client.account.address, amount })
 */
export const deposit: WriteAction<DepositParameters, DepositEvent> =
  writeAction({
    contract: 'ledger',
    abi: ledgerAbi,
    functionName: 'deposit',
    args: ({ token, to, amount }) => [token, to, amount],
    eventName: 'Deposited',
  })
