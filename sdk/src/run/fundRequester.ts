import { type Address, erc20Abi, isAddressEqual } from 'viem'
import { readContract } from 'viem/actions'
import { approveToken } from '../actions/approveToken.js'
import { depositCommitted } from '../actions/depositCommitted.js'
import { getBalance } from '../actions/getBalance.js'
import { formatAmount } from '../amounts/formatAmount.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'

/**
 * Makes sure that the client's committed balance of a token, of LYN unless told
 * otherwise, covers an order; deposits ten times the amount when it does not, so
 * that the next orders need no transaction, or all that the account has, if that
 * is enough for this one.
 *
 * @throws LynodeError `LY-LED-008` when the account has too little.
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
  const held = await readContract(client, {
    address: token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  const most = amount * 10n
  const missing = held < most && committed + held >= amount ? held : most
  const text = isAddressEqual(token, lynToken)
    ? formatAmount(missing)
    : `${missing} wei of ${token}`
  report?.(`deposit ${text} for orders`)
  await approveToken(client, { token, spender: ledger, amount: missing })
  await depositCommitted.sync(client, { token, amount: missing })
  return missing
}
