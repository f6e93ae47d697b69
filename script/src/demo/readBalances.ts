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

/** Ids that the demo's parties were given. */
export type PartyIds = {
  honest: number
  cheating: number
  silent: number
  verifier: number
}

/** The parties of the demo: who pays, earns, loses. */
const parties: Record<
  string,
  { account: DevnetRole; staked?: keyof PartyIds }
> = {
  requester: { account: 'requester' },
  'honest provider': { account: 'provider-owner', staked: 'honest' },
  'cheating provider': { account: 'second-owner', staked: 'cheating' },
  'silent provider': { account: 'third-owner', staked: 'silent' },
  verifier: { account: 'verifier' },
  "verifier's owner": { account: 'verifier-owner', staked: 'verifier' },
}

/** Reads the LYN of every party. */
export async function readBalances(
  devnet: Devnet,
  ids: PartyIds,
): Promise<Record<string, Balance>> {
  const client = devnet.client('requester')
  const { lynToken: token } = client.addressBook.contracts
  const entries = Object.entries(parties).map(
    async ([name, { account, staked: party }]) => {
      const { address } = devnet.accounts[account]
      const [{ free, committed }, staked, wallet] = await Promise.all([
        client.getBalance({ token, account: address }),
        party && client.getProvider({ providerId: ids[party] }),
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
