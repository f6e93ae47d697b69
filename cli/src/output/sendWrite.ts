import type { Command, OptionValues } from '@commander-js/extra-typings'
import {
  approveToken,
  type LynodeClient,
  toLynodeError,
  type WriteAction,
  type WriteReceipt,
} from '@lynode/sdk'
import { type Abi, encodeFunctionData, erc20Abi, formatEther } from 'viem'
import {
  estimateContractGas,
  getGasPrice,
  readContract,
  simulateCalls,
  simulateContract,
} from 'viem/actions'
import { z } from 'zod'
import { confirmSend } from './confirmSend.js'
import { document } from './document.js'
import { hex, integer } from './fields.js'
import { log, type OutputOptions, printResult } from './output.js'

/** Options of every command that sends a transaction. */
export type WriteCommandOptions = OutputOptions & {
  yes?: boolean | undefined
  dryRun?: boolean | undefined
}

export type SendWriteParameters<parameters, event> = {
  action: WriteAction<parameters, event>
  parameters: parameters
  /** LYN that the called contract takes from the account: approved first if need be. */
  spends?: bigint | undefined
  /** What it does, one line each, amounts with their unit. */
  effect: readonly string[]
  options: WriteCommandOptions
}

const call = z.object({ to: hex, data: hex })

/** What every command that sends prints with `--dry-run --json`. */
export const dryRunDocument = document(
  'dry-run',
  1,
  call.extend({
    dryRun: z.literal(true),
    /** Sent before it, if the token's allowance is too small. */
    approval: call.optional(),
    gas: integer,
    costWei: integer,
    effect: z.array(z.string()).readonly(),
  }),
)

/** Adds `--yes`, `--dry-run` and `--json` to a command. */
export function withWriteOptions<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
) {
  return command
    .option('--yes', 'send without asking')
    .option('--dry-run', 'simulate and show the call, send nothing')
    .option('--json', 'print one JSON document')
}

/**
 * Sends one transaction: simulates it, says what it does and costs, asks unless
 * `--yes` was given, sends it and waits.
 *
 * @returns Nothing after `--dry-run`, which has printed the call.
 * @throws LynodeError with the contract's reason when it would revert,
 * `LY-CLI-003` when nobody said yes.
 */
export async function sendWrite<parameters, event>(
  client: LynodeClient,
  {
    action,
    parameters,
    spends = 0n,
    effect,
    options,
  }: SendWriteParameters<parameters, event>,
): Promise<WriteReceipt<event> | undefined> {
  const { contracts } = client.addressBook
  const { address: spender, ...rest } = action.call(contracts, parameters)
  const approval = await approvalOf(client, spender, spends)
  const calls = [...(approval ? [approval] : []), { to: spender, ...rest }]
  const { gas, cost } = await simulate(client, calls)
  const price = `at most ${gas} gas, about ${formatEther(cost)} ETH`
  if (options.dryRun) {
    const { to, data } = action.transaction(contracts, parameters)
    printResult(
      dryRunDocument,
      {
        dryRun: true,
        to,
        data,
        approval: approval && {
          to: approval.to,
          data: encodeFunctionData(approval),
        },
        gas,
        costWei: cost,
        effect,
      },
      options,
      (result) =>
        [
          ...effect,
          price,
          ...(result.approval
            ? [`to ${result.approval.to}`, result.approval.data]
            : []),
          `to ${result.to}`,
          result.data,
        ].join('\n'),
    )
    return undefined
  }
  for (const line of effect) log(line)
  log(price)
  if (!options.yes) await confirmSend(options)
  if (approval !== undefined)
    await approveToken(client, {
      token: approval.to,
      spender,
      amount: spends,
    })
  return action.sync(client, parameters)
}

type Call = {
  to: `0x${string}`
  abi: Abi
  functionName: string
  args: readonly unknown[]
}

/** The approval of LYN that has to come first, if any. */
async function approvalOf(
  client: LynodeClient,
  spender: `0x${string}`,
  amount: bigint,
): Promise<Call | undefined> {
  if (amount === 0n) return undefined
  const to = client.addressBook.contracts.lynToken
  const allowance = await readContract(client, {
    address: to,
    abi: erc20Abi,
    functionName: 'allowance',
    args: [client.account.address, spender],
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  if (amount <= allowance) return undefined
  return {
    to,
    abi: erc20Abi,
    functionName: 'approve',
    args: [spender, amount],
  }
}

async function simulate(
  client: LynodeClient,
  calls: readonly Call[],
): Promise<{ gas: bigint; cost: bigint }> {
  try {
    const [gas, gasPrice] = await Promise.all([
      gasOf(client, calls),
      getGasPrice(client),
    ])
    return { gas, cost: gas * gasPrice }
  } catch (error) {
    throw toLynodeError(error)
  }
}

async function gasOf(
  client: LynodeClient,
  calls: readonly Call[],
): Promise<bigint> {
  const [first] = calls
  if (calls.length === 1 && first !== undefined) {
    const { to: address, ...call } = first
    const request = {
      address,
      ...call,
      account: client.account,
      chain: client.chain,
    }
    await simulateContract(client, request)
    return estimateContractGas(client, request)
  }
  // All in their order: what is spent has to be approved before.
  const { results } = await simulateCalls(client, {
    account: client.account,
    calls,
  })
  for (const result of results)
    if (result.status === 'failure') throw toLynodeError(result.error)
  return results.reduce((total, { gasUsed }) => total + gasUsed, 0n)
}
