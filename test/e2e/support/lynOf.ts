import { getBalance } from '@lynode/sdk'
import type { Devnet } from 'lynode/devnet'
import { type Address, erc20Abi } from 'viem'
import { readContract } from 'viem/actions'

/** All LYN of an account but for its stake: in its wallet and in the ledger. */
export async function lynOf(net: Devnet, account: Address): Promise<bigint> {
  const client = net.client('third')
  const { lynToken: token } = client.addressBook.contracts
  const { free, committed } = await getBalance(client, { token, account })
  const wallet = await readContract(client, {
    address: token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  })
  return free + committed + wallet
}
