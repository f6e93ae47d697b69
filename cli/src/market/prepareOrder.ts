import { nodeSha256 } from '@lynode/runtime'
import {
  bindInputs,
  type CreateLynodeClientReturnType,
  type MakeOrderParameters,
  makeOrder,
  type Order,
  parseNpy,
  uploadInputs,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import { fetchModel } from '../job/fetchModel.js'
import { openData } from '../job/openData.js'
import type { Network } from '../network/networkFile.js'
import { parseInputs } from '../options/parseInputs.js'
import { readInput } from '../options/readInput.js'

export type PrepareOrderParameters = Omit<
  MakeOrderParameters,
  'modelId' | 'class' | 'inputRoot'
> & {
  modelId: Hex
  /** `name=@file` of each input. */
  inputs: readonly string[]
  /** Where the inputs go; the network's first data server by default. */
  dataServer?: string | undefined
}

/** Uploads the inputs of one step and makes an order on them. */
export async function prepareOrder(
  client: CreateLynodeClientReturnType,
  network: Network,
  { modelId, inputs, dataServer, ...terms }: PrepareOrderParameters,
): Promise<Order> {
  const arrays = Object.fromEntries(
    [...parseInputs([...inputs])].map(([name, path]) => [
      name,
      parseNpy(readInput(path)),
    ]),
  )
  const data = openData(network)
  const { manifest, class: sold } = await fetchModel(client, data, modelId)
  const inputRoot = await uploadInputs(
    dataServer ?? data.server,
    bindInputs(manifest, arrays),
    { sha256: nodeSha256 },
  )
  return makeOrder(client, {
    modelId,
    class: sold,
    inputRoot,
    ...terms,
  })
}
