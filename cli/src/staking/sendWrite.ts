import {
  approveToken,
  type LynodeClient,
  toLynodeError,
  type WriteAction,
  type WriteReceipt,
} from '@lynode/sdk'
import { type Abi, type Address, erc20Abi } from 'viem'
import { readContract, simulateCalls } from 'viem/actions'
import { type ConfirmOptions, confirm } from '../output/confirm.js'

export type SendWriteOptions = {
  /** LYN that the stake manager takes from the account: approved first if need be. */
  spends?: bigint | undefined
  /** What will have changed, in lines that people read. */
  effect: readonly string[]
  options: ConfirmOptions
}

/**
 * Simulates a write of the stake manager, shows its effect, asks, sends it and
 * waits for the receipt.
 *
 * @throws LynodeError with the contract's reason, before anybody is asked.
 */
export async function sendWrite<parameters, event>(
  client: LynodeClient,
  action: WriteAction<parameters, event>,
  parameters: parameters,
  { spends = 0n, effect, options }: SendWriteOptions,
): Promise<WriteReceipt<event>> {
  const { contracts } = client.addressBook
  const { lynToken: token, stakeManager: spender } = contracts
  const allowance = await readContract(client, {
    address: token,
    abi: erc20Abi,
    functionName: 'allowance',
    args: [client.account.address, spender],
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  const approves = spends > allowance
  const { address: to, ...call } = action.call(contracts, parameters)
  await simulate(client, [
    ...(approves
      ? [
          {
            to: token,
            abi: erc20Abi,
            functionName: 'approve',
            args: [spender, spends],
          },
        ]
      : []),
    { to, ...call },
  ])
  await confirm(effect, options)
  if (approves) await approveToken(client, { token, spender, amount: spends })
  return action.sync(client, parameters)
}

type Call = {
  to: Address
  abi: Abi
  functionName: string
  args: readonly unknown[]
}

/** All calls in their order, since a stake needs the approval before it. */
async function simulate(
  client: LynodeClient,
  calls: readonly Call[],
): Promise<void> {
  const { results } = await simulateCalls(client, {
    account: client.account,
    calls,
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  for (const result of results)
    if (result.status === 'failure') throw toLynodeError(result.error)
}
