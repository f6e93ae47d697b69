import type { Hex } from 'viem'
import { getContractEvents } from 'viem/actions'
import { zkModelsAbi } from '../abis/zkModelsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { ZkShape } from '../zk/zkShape.js'

export type GetZkModelParameters = { modelId: Hex }

/** The circuit that a model of class zk is bound to. */
export type ZkModel = {
  /** Of its verifier, in ZkVerifierRouter. */
  selector: Hex
  /** Largest difference to the float model on the publisher's samples. */
  maxDifference: number
  shape: ZkShape
  shapeHash: Hex
  /** Blob roots of the compiled circuit, the verification key and the settings. */
  circuitRoot: Hex
  keyRoot: Hex
  settingsRoot: Hex
}

/**
 * Finds the binding of a model of class zk by its event (`ZkModelBound`).
 *
 * @throws LynodeError `LY-ZK-006` when the model has no circuit.
 * @example
 * const { settingsRoot } = await getZkModel(client, { modelId })
 */
export async function getZkModel(
  client: LynodeReader,
  { modelId }: GetZkModelParameters,
): Promise<ZkModel> {
  const { contracts, deployBlock } = client.addressBook
  const [log] = await getContractEvents(client, {
    address: contracts.zkModels,
    abi: zkModelsAbi,
    eventName: 'ZkModelBound',
    args: { modelId },
    fromBlock: deployBlock,
    strict: true,
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  if (log === undefined)
    throw new LynodeError('LY-ZK-006', { details: `model ${modelId}` })
  const { binding, shape } = log.args
  return {
    ...binding,
    maxDifference: floatOf(binding.maxDifference),
    shape: {
      inputs: [...shape.inputs],
      inputScales: [...shape.inputScales],
      outputs: [...shape.outputs],
      outputScales: [...shape.outputScales],
    },
  }
}

function floatOf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0] as number
}
