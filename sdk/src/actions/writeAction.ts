import {
  type Abi,
  type Account,
  type Address,
  encodeFunctionData,
  type Hex,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem'
import {
  estimateContractGas,
  simulateContract,
  waitForTransactionReceipt,
  writeContract,
} from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { Contracts } from '../types/addressBook.js'

/** A call as viem's contract actions take it. */
export type ContractCall = {
  address: Address
  abi: Abi
  functionName: string
  args: readonly unknown[]
}

/** What a synchronous write returns. */
export type WriteReceipt<event> = {
  receipt: TransactionReceipt
  /** Arguments of the event that the call emits. */
  event: event
}

/** An action that sends one transaction. */
export type WriteAction<parameters, event> = {
  /**
   * Simulates the call, sends it and returns the transaction's hash.
   * @throws LynodeError with the contract's reason when the simulation reverts.
   */
  (client: LynodeClient, parameters: parameters): Promise<Hex>
  /** The call itself, for outboxes, batches and simulations. */
  call(contracts: Contracts, parameters: parameters): ContractCall
  /** As `call`, encoded as a transaction. */
  transaction(
    contracts: Contracts,
    parameters: parameters,
  ): { to: Address; data: Hex }
  /** Finds the event that the call emits in a receipt. */
  extractEvent(receipt: Pick<TransactionReceipt, 'logs'>): event
  /** Sends it, waits for inclusion and returns receipt and event. */
  sync(
    client: LynodeClient,
    parameters: parameters,
  ): Promise<WriteReceipt<event>>
}

/** How a write action is described. */
export type WriteDefinition<parameters> = {
  /** Which contract of the address book is called. */
  contract: keyof Contracts
  abi: Abi
  functionName: string
  /** The call's arguments; the address book is for those that are addresses of ours. */
  args: (parameters: parameters, contracts: Contracts) => readonly unknown[]
  /** The event that tells what happened. */
  eventName: string | string[]
  /** ABI of the event where another contract emits it. */
  eventAbi?: Abi | undefined
}

/**
 * Makes the five parts of an action that writes: the action itself, `call`,
 * `transaction`, `extractEvent` and `sync`.
 *
 * @example
 * const settle = writeAction<{ order: Order }, unknown>({
 *   contract: 'jobMarket',
 *   abi: jobMarketAbi,
 *   functionName: 'settle',
 *   args: ({ order }) => [order],
 *   eventName: 'JobSettled',
 * })
 */
export function writeAction<parameters, event>(
  definition: WriteDefinition<parameters>,
): WriteAction<parameters, event> {
  const { contract, abi, functionName, args, eventName } = definition

  function call(contracts: Contracts, parameters: parameters): ContractCall {
    return {
      address: contracts[contract],
      abi,
      functionName,
      args: args(parameters, contracts),
    }
  }

  async function write(
    client: LynodeClient,
    parameters: parameters,
  ): Promise<Hex> {
    try {
      const { request } = await simulateContract(client, {
        ...call(client.addressBook.contracts, parameters),
        account: client.account as Account,
        chain: client.chain,
      })
      const estimate = await estimateContractGas(client, request as never)
      // Prices ramp and windows close between the estimate and the block, so
      // that the same call may take another path there, or begin checkpoints of
      // votes that the block of the estimate had: three new words.
      const gas = estimate + estimate / 4n + 66_300n
      return await writeContract(client, { ...request, gas } as never)
    } catch (error) {
      throw toLynodeError(error, abi)
    }
  }

  function extractEvent(receipt: Pick<TransactionReceipt, 'logs'>): event {
    const [log] = parseEventLogs({
      abi: definition.eventAbi ?? abi,
      eventName,
      logs: receipt.logs,
    })
    if (log === undefined)
      throw new LynodeError('LY-TX-002', {
        details: `the receipt of ${functionName} has no ${[eventName].flat().join(' or ')} event`,
      })
    return (log as { args: unknown }).args as event
  }

  return Object.assign(write, {
    call,
    transaction(contracts: Contracts, parameters: parameters) {
      const { address, ...rest } = call(contracts, parameters)
      return { to: address, data: encodeFunctionData(rest) }
    },
    extractEvent,
    async sync(client: LynodeClient, parameters: parameters) {
      const hash = await write(client, parameters)
      const receipt = await waitForTransactionReceipt(client, {
        hash,
        pollingInterval: 200,
      }).catch((error: unknown) => {
        throw toLynodeError(error)
      })
      if (receipt.status !== 'success')
        throw new LynodeError('LY-TX-003', {
          details: `${functionName} in transaction ${hash}`,
        })
      return { receipt, event: extractEvent(receipt) }
    },
  })
}
