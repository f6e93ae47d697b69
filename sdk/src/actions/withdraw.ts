import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type WithdrawParameters = { token: Address; amount: bigint; to: Address }

/** Arguments of `Withdrawn`. */
export type WithdrawEvent = {
  token: Address
  account: Address
  to: Address
  amount: bigint
}

/**
 * Pays out of the caller's free balance (`Ledger.withdraw`).
 *
 * @example
 * await withdraw(client, { token, amount, to })
 */
export const withdraw: WriteAction<WithdrawParameters, WithdrawEvent> =
  writeAction({
    contract: 'ledger',
    abi: ledgerAbi,
    functionName: 'withdraw',
    args: ({ token, amount, to }) => [token, amount, to],
    eventName: 'Withdrawn',
  })
