import { type Address, isAddressEqual } from 'viem'
import { getContractEvents } from 'viem/actions'
import { delegationPoolsAbi } from '../abis/delegationPoolsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { readAction } from './readAction.js'

export type GetThawsParameters = { member: Address }

/** Delegated shares that leave. Twin of `IDelegationPools.Thaw`. */
export type Thaw = {
  thawId: bigint
  member: Address
  providerId: number
  nonce: number
  shares: bigint
  thawedAt: number
  /** What it would pay today. */
  amount: bigint
}

/**
 * Finds a member's thaws that are not withdrawn yet, by its logs (`StakeManager.thawOf`).
 *
 * @example
 * const thaws = await getThaws(client, { member: account.address })
 */
export async function getThaws(
  client: LynodeReader,
  { member }: GetThawsParameters,
): Promise<Thaw[]> {
  const { contracts, deployBlock } = client.addressBook
  try {
    const logs = await getContractEvents(client, {
      address: contracts.stakeManager,
      abi: delegationPoolsAbi,
      eventName: 'Undelegated',
      args: { member },
      fromBlock: deployBlock,
      strict: true,
    })
    const thaws = await Promise.all(
      logs.map(async ({ args: { thawId } }) => {
        const [thaw, amount] = await readAction(client, {
          contract: 'stakeManager',
          abi: delegationPoolsAbi,
          functionName: 'thawOf',
          args: [thawId],
        })
        return { thawId, ...thaw, amount }
      }),
    )
    return thaws.filter((thaw) => isAddressEqual(thaw.member, member))
  } catch (error) {
    throw toLynodeError(error)
  }
}
