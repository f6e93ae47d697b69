import type { Devnet, DevnetRole } from 'lynode/devnet'
import { erc20Abi } from 'viem'
import { readContract } from 'viem/actions'

/** LYN of one party, in wei. */
export type Balance = {
  /** Free and committed in the ledger. */
  ledger: bigint
  /** At stake with the provider's id; 0 for those who are none. */
  stake: bigint
  wallet: bigint
}

/** The parties of the demo: who pays, earns, loses. */
export const parties: Record<
  string,
  { account: DevnetRole; provider?: 1 | 2 | 3 }
> = {
  requester: { account: 'requester' },
  'honest provider': { account: 'provider-owner', provider: 1 },
  'cheating provider': { account: 'second-owner', provider: 2 },
  'silent provider': { account: 'third-owner', provider: 3 },
  verifier: { account: 'verifier' },
}

/** Reads the LYN of every party. */
export async function readBalances(
  devnet: Devnet,
): Promise<Record<string, Balance>> {
  const client = devnet.client('requester')
  const { lynToken: token } = client.addressBook.contracts
  const entries = Object.entries(parties).map(
    async ([name, { account, provider }]) => {
      const { address } = devnet.accounts[account]
      const [{ free, committed }, staked, wallet] = await Promise.all([
        client.getBalance({ token, account: address }),
        provider && client.getProvider({ providerId: provider }),
        readContract(client, {
          address: token,
          abi: erc20Abi,
          functionName: 'balanceOf',
          args: [address],
        }),
      ])
      const stake = staked ? staked.stake : 0n
      return [name, { ledger: free + committed, stake, wallet }] as const
    },
  )
  return Object.fromEntries(await Promise.all(entries))
}
