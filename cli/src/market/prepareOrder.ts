import {
  type CreateLynodeClientReturnType,
  type Order,
  parseNpy,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import { bindInputs } from '../job/bindInputs.js'
import { fetchModel } from '../job/fetchModel.js'
import { type MakeOrderParameters, makeOrder } from '../job/makeOrder.js'
import { openData } from '../job/openData.js'
import { uploadInputs } from '../job/uploadInputs.js'
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
  const arrays = new Map(
    [...parseInputs([...inputs])].map(([name, path]) => [
      name,
      parseNpy(readInput(path)),
    ]),
  )
  const data = openData(network)
  const manifest = await fetchModel(client, data, modelId)
  const inputRoot = await uploadInputs(
    dataServer ?? data.server,
    bindInputs(manifest, arrays),
  )
  return makeOrder(client, {
    modelId,
    class: manifest.class,
    inputRoot,
    ...terms,
  })
}
