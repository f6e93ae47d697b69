import { type Address, erc20Abi } from 'viem'
import {
  simulateContract,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'

export type ApproveTokenParameters = {
  token: Address
  /** The ledger for deposits, the stake manager for stakes. */
  spender: Address
  amount: bigint
}

/**
 * Lets a contract of the protocol take tokens of the client's account, and waits for inclusion.
 *
 * @example
 * const { ledger: spender } = client.addressBook.contracts
 * await approveToken(client, { token, spender, amount })
 */
export async function approveToken(
  client: LynodeClient,
  { token, spender, amount }: ApproveTokenParameters,
): Promise<void> {
  try {
    const { request } = await simulateContract(client, {
      address: token,
      abi: erc20Abi,
      functionName: 'approve',
      args: [spender, amount],
      account: client.account,
      chain: client.chain,
    })
    const hash = await writeContract(client, request)
    await waitForTransactionReceipt(client, { hash, pollingInterval: 200 })
  } catch (error) {
    throw toLynodeError(error)
  }
}
