import { decodeFunctionData, type Hex, isAddressEqual } from 'viem'
import { getContractEvents, getTransaction } from 'viem/actions'
import { zkDeliveriesAbi } from '../abis/zkDeliveriesAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { ProvedStep } from './deliverProved.js'

export type GetProvedDeliveryParameters = { jobId: Hex }

/** What a job of class zk was delivered with: all of it is on chain. */
export type ProvedDelivery = {
  resultRoot: Hex
  transactionHash: Hex
  steps: ProvedStep[]
}

/**
 * Finds the delivery of a job of class zk with its proofs (`ProvedDelivered`, and
 * the calldata that it came from), for whoever checks them again.
 *
 * @throws LynodeError `LY-ZK-009` when the job was not delivered with a proof, or
 * by a call through another contract, whose calldata is not readable.
 * @example
 * const { steps } = await client.getProvedDelivery({ jobId })
 */
export async function getProvedDelivery(
  client: LynodeReader,
  { jobId }: GetProvedDeliveryParameters,
): Promise<ProvedDelivery> {
  const { contracts, deployBlock } = client.addressBook
  try {
    const [log] = await getContractEvents(client, {
      address: contracts.zkDeliveries,
      abi: zkDeliveriesAbi,
      eventName: 'ProvedDelivered',
      args: { jobId },
      fromBlock: deployBlock,
      strict: true,
    })
    if (log === undefined)
      throw new LynodeError('LY-ZK-009', {
        details: `job ${jobId} has no proof`,
      })
    const { transactionHash } = log
    const { input, to } = await getTransaction(client, {
      hash: transactionHash,
    })
    // Calldata of another contract says nothing about what it called.
    const direct = to !== null && isAddressEqual(to, contracts.zkDeliveries)
    const steps = direct ? stepsOf(input) : undefined
    if (steps === undefined)
      throw new LynodeError('LY-ZK-009', {
        details: `the delivery in ${transactionHash} came through another contract`,
      })
    return { resultRoot: log.args.resultRoot, transactionHash, steps }
  } catch (error) {
    throw toLynodeError(error)
  }
}

function stepsOf(data: Hex): ProvedStep[] | undefined {
  try {
    const { functionName, args } = decodeFunctionData({
      abi: zkDeliveriesAbi,
      data,
    })
    if (functionName !== 'deliverProved') return undefined
    return args[2].map(({ inputs, outputs, proof }) => ({
      inputs: [...inputs],
      outputs: outputs.map((values) => [...values]),
      proof,
    }))
  } catch {
    return undefined // no function of ours
  }
}
