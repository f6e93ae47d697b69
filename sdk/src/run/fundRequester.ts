import { type Address, isAddressEqual } from 'viem'
import { approveToken } from '../actions/approveToken.js'
import { depositCommitted } from '../actions/depositCommitted.js'
import { getBalance } from '../actions/getBalance.js'
import { formatAmount } from '../amounts/formatAmount.js'
import type { LynodeClient } from '../clients/lynodeClient.js'

/**
 * Makes sure that the client's committed balance of a token, of LYN unless told
 * otherwise, covers an order;
 * deposits ten times the amount when it does not, so that the next orders need
 * no transaction.
 *
 * @returns What was deposited; 0 when nothing was needed.
 * @example
 * await fundRequester(client, order.maxTotal)
 */
export async function fundRequester(
  client: LynodeClient,
  amount: bigint,
  report?: ((line: string) => void) | undefined,
  payToken?: Address | undefined,
): Promise<bigint> {
  const { lynToken, ledger } = client.addressBook.contracts
  const token = payToken ?? lynToken
  const account = client.account.address
  const { committed } = await getBalance(client, { token, account })
  if (committed >= amount) return 0n
  const missing = amount * 10n
  const text = isAddressEqual(token, lynToken)
    ? formatAmount(missing)
    : `${missing} wei of ${token}`
  report?.(`deposit ${text} for orders`)
  await approveToken(client, { token, spender: ledger, amount: missing })
  await depositCommitted.sync(client, { token, amount: missing })
  return missing
}
