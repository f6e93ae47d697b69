import {
  floatsOfNumbers,
  getProvedDelivery,
  getZkModel,
  type Hex,
  type LynodeReader,
  type Manifest,
  type ProvedDelivery,
} from '@lynode/sdk'
import { hexToBytes } from 'viem'
import type { BlobClient } from '../blobs/blobClient.js'
import type { BlobStore } from '../blobs/blobStore.js'
import { fetchCircuit } from './circuitFiles.js'
import { SrsStore } from './srsStore.js'
import { verifyProof } from './verifyProof.js'

/** A delivery of class zk whose proofs hold, and what was proved. */
export type VerifiedDelivery = Omit<ProvedDelivery, 'steps'> & {
  /** Committed bytes of each input and output of each step. */
  steps: { inputs: Uint8Array[]; outputs: Uint8Array[] }[]
}

/**
 * Checks every proof of a delivered job on this machine, with the key that the
 * model is bound to: the chain asked a verifier that the publisher chose.
 *
 * @param more - Sources of the circuit's files to ask before the usual ones.
 * @throws LynodeError `LY-ZK-014` when a proof does not hold.
 */
export async function verifyDelivery(
  client: LynodeReader,
  data: { client: BlobClient; blobs: BlobStore },
  manifest: Manifest,
  jobId: Hex,
  more: readonly string[] = [],
): Promise<VerifiedDelivery> {
  const { steps, ...delivery } = await getProvedDelivery(client, { jobId })
  const { modelId } = manifest
  const circuit = await fetchCircuit(
    data.client,
    data.blobs,
    manifest,
    await getZkModel(client, { modelId }),
    more,
  )
  const srs = new SrsStore({ chainId: client.addressBook.chainId })
  const { outputScales } = circuit.settings
  const verified: VerifiedDelivery['steps'] = []
  for (const step of steps) {
    const inputs = step.inputs.map((bytes) => hexToBytes(bytes))
    await verifyProof(circuit, srs, inputs, step.outputs, step.proof)
    verified.push({
      inputs,
      outputs: step.outputs.map((values, i) =>
        floatsOfNumbers(values, outputScales[i] ?? 0),
      ),
    })
  }
  return { ...delivery, steps: verified }
}
