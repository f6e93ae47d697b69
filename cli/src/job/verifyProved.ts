import { fetchCircuit, SrsStore, verifyProof } from '@lynode/runtime'
import {
  floatsOfNumbers,
  getZkModel,
  type LynodeClient,
  LynodeError,
  type Manifest,
  zkDeliveriesAbi,
} from '@lynode/sdk'
import { decodeFunctionData, type Hex } from 'viem'
import { getContractEvents, getTransaction } from 'viem/actions'
import type { DataAccess } from './openData.js'

/**
 * Checks the proof of a delivered job of class zk on this machine, and that the
 * outputs at hand are the proved ones.
 *
 * @param inputs - Committed bytes of each input.
 * @param outputs - Bytes of each output as they were fetched.
 * @throws LynodeError `LY-ZK-014` when either is not so.
 */
export async function verifyProved(
  client: LynodeClient,
  data: DataAccess,
  parameters: {
    jobId: Hex
    manifest: Manifest
    inputs: readonly Uint8Array[]
    outputs: readonly Uint8Array[]
  },
): Promise<void> {
  const { jobId, manifest, inputs, outputs } = parameters
  const { contracts, deployBlock } = client.addressBook
  const [log] = await getContractEvents(client, {
    address: contracts.zkDeliveries,
    abi: zkDeliveriesAbi,
    eventName: 'ProvedDelivered',
    args: { jobId },
    fromBlock: deployBlock,
    strict: true,
  })
  if (log === undefined)
    throw new LynodeError('LY-ZK-014', { details: `job ${jobId} has no proof` })
  const { input } = await getTransaction(client, { hash: log.transactionHash })
  const { args } = decodeFunctionData({ abi: zkDeliveriesAbi, data: input })
  const [step] = args[2]
  if (step === undefined)
    throw new LynodeError('LY-ZK-014', { details: 'no step was proved' })
  const circuit = await fetchCircuit(
    data.client,
    data.blobs,
    manifest,
    await getZkModel(client, { modelId: manifest.modelId }),
  )
  const srs = new SrsStore({ chainId: client.addressBook.chainId })
  await verifyProof(circuit, srs, inputs, step.outputs, step.proof)
  step.outputs.forEach((values, i) => {
    const scale = circuit.settings.outputScales[i] ?? 0
    const proved = Buffer.from(floatsOfNumbers(values, scale))
    if (!proved.equals(outputs[i] ?? new Uint8Array()))
      throw new LynodeError('LY-ZK-014', {
        details: `output ${i} is not the proved one`,
      })
  })
}
