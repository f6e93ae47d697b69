import type { Address } from 'viem'
import { getContractEvents, readContract } from 'viem/actions'
import { grantFactoryAbi } from '../abis/grantFactoryAbi.js'
import { ledgerAbi } from '../abis/ledgerAbi.js'
import { parametersAbi } from '../abis/parametersAbi.js'
import { vestingGrantAbi } from '../abis/vestingGrantAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { readAction } from './readAction.js'

/** LYN that becomes its beneficiary's over time. Times and durations in seconds, amounts in LYN wei. */
export type Grant = {
  grant: Address
  beneficiary: Address
  start: bigint
  duration: bigint
  cliff: bigint
  /** What was ever paid into it. */
  total: bigint
  released: bigint
  releasable: bigint
}

/** What the DAO can spend, and what it has granted. */
export type Treasury = {
  /** Wei of each token that can be deposited. */
  balances: { token: Address; amount: bigint }[]
  grants: Grant[]
}

/**
 * Reads the treasury's balances in the Ledger, and all grants in LYN.
 *
 * @example
 * const treasury = await getTreasury(client)
 */
export async function getTreasury(client: LynodeReader): Promise<Treasury> {
  const { lynToken, treasuryVault } = client.addressBook.contracts
  const listed = await readAction(client, {
    contract: 'parameters',
    abi: parametersAbi,
    functionName: 'tokens',
    args: [],
  })
  const balances = await Promise.all(
    [lynToken, ...listed].map(async (token) => {
      const [amount] = await readAction(client, {
        contract: 'ledger',
        abi: ledgerAbi,
        functionName: 'accountOf',
        args: [token, treasuryVault],
      })
      return { token, amount }
    }),
  )
  return { balances, grants: await findGrants(client) }
}

async function findGrants(client: LynodeReader): Promise<Grant[]> {
  const { contracts, deployBlock } = client.addressBook
  try {
    const logs = await getContractEvents(client, {
      address: contracts.grantFactory,
      abi: grantFactoryAbi,
      eventName: 'GrantCreated',
      fromBlock: deployBlock,
      strict: true,
    })
    return await Promise.all(
      logs.map(async ({ args }) => {
        const of = { address: args.grant, abi: vestingGrantAbi } as const
        const token = [contracts.lynToken] as const
        const [beneficiary, total, released, releasable] = await Promise.all([
          readContract(client, { ...of, functionName: 'owner' }),
          readContract(client, {
            ...of,
            functionName: 'vestedAmount',
            args: [...token, args.start + args.duration],
          }),
          readContract(client, {
            ...of,
            functionName: 'released',
            args: token,
          }),
          readContract(client, {
            ...of,
            functionName: 'releasable',
            args: token,
          }),
        ])
        return { ...args, beneficiary, total, released, releasable }
      }),
    )
  } catch (error) {
    throw toLynodeError(error)
  }
}
