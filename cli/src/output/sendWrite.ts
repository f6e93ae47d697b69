import { confirm, isCancel } from '@clack/prompts'
import type { Command, OptionValues } from '@commander-js/extra-typings'
import {
  type LynodeClient,
  LynodeError,
  toLynodeError,
  type WriteAction,
  type WriteReceipt,
} from '@lynode/sdk'
import { formatEther } from 'viem'
import {
  estimateContractGas,
  getGasPrice,
  simulateContract,
} from 'viem/actions'
import { log, type OutputOptions, printResult } from './output.js'

/** Options of every command that sends a transaction. */
export type WriteCommandOptions = OutputOptions & {
  yes?: boolean | undefined
  dryRun?: boolean | undefined
}

export type SendWriteParameters<parameters, event> = {
  action: WriteAction<parameters, event>
  parameters: parameters
  /** What it does, one line each, amounts with their unit. */
  effect: readonly string[]
  options: WriteCommandOptions
}

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
    effect,
    options,
  }: SendWriteParameters<parameters, event>,
): Promise<WriteReceipt<event> | undefined> {
  const { contracts } = client.addressBook
  const call = action.call(contracts, parameters)
  const { gas, cost } = await simulate(client, call)
  const price = `at most ${gas} gas, about ${formatEther(cost)} ETH`
  if (options.dryRun) {
    const { to, data } = action.transaction(contracts, parameters)
    printResult(
      { dryRun: true, to, data, gas, costWei: cost, effect },
      options,
      (result) => [...effect, price, `to ${result.to}`, result.data].join('\n'),
    )
    return undefined
  }
  for (const line of effect) log(line)
  log(price)
  if (!options.yes) await ask(options)
  return action.sync(client, parameters)
}

async function simulate(
  client: LynodeClient,
  call: ReturnType<WriteAction<unknown, unknown>['call']>,
): Promise<{ gas: bigint; cost: bigint }> {
  try {
    const request = { ...call, account: client.account, chain: client.chain }
    await simulateContract(client, request)
    const [gas, gasPrice] = await Promise.all([
      estimateContractGas(client, request),
      getGasPrice(client),
    ])
    return { gas, cost: gas * gasPrice }
  } catch (error) {
    throw toLynodeError(error)
  }
}

async function ask(options: OutputOptions): Promise<void> {
  if (options.json || !process.stdin.isTTY || !process.stderr.isTTY)
    throw new LynodeError('LY-CLI-003', { details: 'there is nobody to ask' })
  const answer = await confirm({
    message: 'Send it?',
    output: process.stderr,
  })
  if (isCancel(answer) || !answer)
    throw new LynodeError('LY-CLI-003', { details: 'the answer was no' })
}
