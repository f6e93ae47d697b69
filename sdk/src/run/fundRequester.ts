import { type Address, erc20Abi, isAddressEqual } from 'viem'
import { readContract } from 'viem/actions'
import { approveToken } from '../actions/approveToken.js'
import { depositCommitted } from '../actions/depositCommitted.js'
import { getBalance } from '../actions/getBalance.js'
import { formatAmount } from '../amounts/formatAmount.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { depositFor } from './depositFor.js'

/**
 * Makes sure that the client's committed balance of a token, of LYN unless told
 * otherwise, covers an order; deposits ten times the amount when it does not, so
 * that the next orders need no transaction, or what the account has.
 *
 * @returns What was deposited; 0 when nothing was needed.
 * @throws LynodeError `LY-LED-008` when the account has too little for the order.
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
  const held = await tokenBalance(client, token)
  const text = (wei: bigint) =>
    isAddressEqual(token, lynToken)
      ? formatAmount(wei)
      : `${wei} wei of ${token}`
  const missing = depositFor({ amount, committed, held, text })
  report?.(`deposit ${text(missing)} for orders`)
  await approveToken(client, { token, spender: ledger, amount: missing })
  await depositCommitted.sync(client, { token, amount: missing })
  return missing
}

async function tokenBalance(
  client: LynodeClient,
  token: Address,
): Promise<bigint> {
  try {
    return await readContract(client, {
      address: token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [client.account.address],
    })
  } catch (error) {
    throw toLynodeError(error)
  }
}
