import type { Address } from 'viem'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetBalanceParameters = { token: Address; account: Address }

export type GetBalanceReturnType = { free: bigint; committed: bigint }

/**
 * Reads an account's balances in the ledger (`Ledger.accountOf`).
 *
 * @example
 * const { free, committed } = await getBalance(client, { token, account: account.address })
 */
export async function getBalance(
  client: LynodeReader,
  { token, account }: GetBalanceParameters,
): Promise<GetBalanceReturnType> {
  const [free, committed] = await readAction(client, {
    contract: 'ledger',
    abi: ledgerAbi,
    functionName: 'accountOf',
    args: [token, account],
  })
  return { free, committed }
}
