import { nodeSha256 } from '@lynode/runtime'
import {
  type ClassName,
  classCodes,
  getModel,
  LynodeError,
  type LynodeReader,
  type Manifest,
  readManifest,
} from '@lynode/sdk'
import type { Hex } from 'viem'
import type { DataAccess } from './openData.js'

/** A model that can be ordered, and the class under which it is sold. */
export type FetchedModel = { manifest: Manifest; class: ClassName }

/**
 * Fetches the file of a registered model and derives its manifest.
 *
 * @throws LynodeError `LY-REG-002` unknown, `LY-MDL-004` the file is of another
 * model.
 */
export async function fetchModel(
  client: LynodeReader,
  data: DataAccess,
  modelId: Hex,
): Promise<FetchedModel> {
  const { header, classes } = await getModel(client, { modelId })
  await data.client.fetchBlob(header.fileRoot, Number(header.fileBytes))
  const manifest = readManifest(
    await data.blobs.read(header.fileRoot),
    nodeSha256,
  )
  if (manifest.modelId !== modelId)
    throw new LynodeError('LY-MDL-004', {
      details: `the file of ${modelId} gives ${manifest.modelId}`,
    })
  // Its publisher has bound it to a circuit: that is what is sold.
  const proved = (classes & (1 << (classCodes.zk - 1))) !== 0
  return { manifest, class: proved ? 'zk' : manifest.class }
}
