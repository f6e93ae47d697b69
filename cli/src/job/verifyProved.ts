import { verifyDelivery } from '@lynode/runtime'
import { type LynodeClient, LynodeError, type Manifest } from '@lynode/sdk'
import type { Hex } from 'viem'
import type { OpenedOutput } from './demandOutputs.js'
import type { DataAccess } from './openData.js'

/**
 * The outputs of a one-step job of class zk. They are on chain, with a proof that
 * is checked on this machine: no data server is asked for them.
 *
 * @param inputs - Committed bytes of each input of the order.
 * @throws LynodeError `LY-ZK-014` when the proof does not hold, or holds for other
 * inputs.
 */
export async function verifyProved(
  client: LynodeClient,
  data: DataAccess,
  parameters: { jobId: Hex; manifest: Manifest; inputs: readonly Uint8Array[] },
): Promise<OpenedOutput[]> {
  const { jobId, manifest, inputs } = parameters
  const { steps } = await verifyDelivery(client, data, manifest, jobId)
  const [step] = steps
  if (
    step === undefined ||
    inputs.some(
      (bytes, i) =>
        !Buffer.from(bytes).equals(step.inputs[i] ?? new Uint8Array()),
    )
  )
    throw new LynodeError('LY-ZK-014', {
      details: 'the proof is of other inputs',
    })
  return manifest.values
    .filter(({ kind }) => kind === 'output')
    .map(({ name, type: { dtype, dims } }, i) => ({
      name,
      dtype,
      dims: [...dims],
      data: step.outputs[i] ?? new Uint8Array(),
    }))
}
