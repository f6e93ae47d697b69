import type { Address } from 'viem'
import { getContractEvents } from 'viem/actions'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { type Delegation, getDelegation } from './getDelegation.js'

export type GetDelegationsParameters = { member: Address }

/**
 * Finds every pool that a member ever joined, by its logs, and reads what it has there now.
 *
 * @example
 * const delegations = await getDelegations(client, { member: account.address })
 */
export async function getDelegations(
  client: LynodeReader,
  { member }: GetDelegationsParameters,
): Promise<Delegation[]> {
  const { contracts, deployBlock } = client.addressBook
  try {
    const logs = await getContractEvents(client, {
      address: contracts.stakeManager,
      abi: delegationPoolsAbi,
      eventName: 'Delegated',
      args: { member },
      fromBlock: deployBlock,
      strict: true,
    })
    const pools = new Map(
      logs.map(({ args: { providerId, nonce } }) => [
        `${providerId}/${nonce}`,
        { providerId, nonce },
      ]),
    )
    return await Promise.all(
      [...pools.values()].map((pool) =>
        getDelegation(client, { ...pool, member }),
      ),
    )
  } catch (error) {
    throw toLynodeError(error)
  }
}
