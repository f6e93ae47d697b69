import type { Address, Hex } from 'viem'
import { getContractEvents } from 'viem/actions'
import { modelRegistryAbi } from '../abis/modelRegistryAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import type { ModelHeader } from '../types/manifest.js'

export type GetModelParameters = { modelId: Hex }

/** A registered model. */
export type Model = {
  modelId: Hex
  publisher: Address
  header: ModelHeader
  royaltyBps: number
  /** Bit (class code - 1) of each class. */
  classes: number
  checkerVersion: number
}

/**
 * Finds a model by the event of its registration (`ModelRegistered`).
 *
 * @throws LynodeError `LY-REG-002` when there is no such model.
 * @example
 * const { header, classes } = await getModel(client, { modelId })
 */
export async function getModel(
  client: LynodeReader,
  { modelId }: GetModelParameters,
): Promise<Model> {
  const { contracts, deployBlock } = client.addressBook
  const [log] = await getContractEvents(client, {
    address: contracts.modelRegistry,
    abi: modelRegistryAbi,
    eventName: 'ModelRegistered',
    args: { modelId },
    fromBlock: deployBlock,
    strict: true,
  }).catch((error: unknown) => {
    throw toLynodeError(error)
  })
  if (log === undefined)
    throw new LynodeError('LY-REG-002', { details: `model ${modelId}` })
  return log.args
}
