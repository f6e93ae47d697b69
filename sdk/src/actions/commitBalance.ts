import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type CommitBalanceParameters = { token: Address; amount: bigint }

/** Arguments of `Committed`. */
export type CommitBalanceEvent = {
  token: Address
  account: Address
  amount: bigint
}

/**
 * Moves a balance from free to committed, so that orders may spend it (`Ledger.commit`).
 *
 * @example
 * await commitBalance(client, { token, amount })
 */
export const commitBalance: WriteAction<
  CommitBalanceParameters,
  CommitBalanceEvent
> = writeAction({
  contract: 'ledger',
  abi: ledgerAbi,
  functionName: 'commit',
  args: ({ token, amount }) => [token, amount],
  eventName: 'Committed',
})
