import type { Hex } from 'viem'
import { getModel } from '../actions/getModel.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { fetchBlob } from '../data/fetchBlob.js'
import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import { findServers } from './findServers.js'
import { type ModelInterface, modelInterface } from './modelInterface.js'

export type LoadModelParameters = {
  modelId: Hex
  /** Data servers to ask; those of `findServers` by default. */
  sources?: readonly string[] | undefined
  sha256?: Sha256 | undefined
  signal?: AbortSignal | undefined
}

/**
 * Fetches the file of a registered model and derives its interface from it
 * (`ModelRegistered`). Reading files takes more code than all else of a client,
 * so it is loaded when it is needed; an interface that
 * `lynode model types` wrote needs neither.
 *
 * @throws LynodeError `LY-REG-002` unknown model, `LY-BLOB-005` no server has
 * the file, `LY-MDL-004` the file is of another model.
 * @example
 * const model = await loadModel(client, { modelId })
 * const result = await run(client, { model, inputs: { x: [1, 2, -3, 0.5] }, maxPrice })
 */
export async function loadModel(
  client: LynodeReader,
  parameters: LoadModelParameters,
): Promise<ModelInterface> {
  const { modelId, sha256, signal } = parameters
  const { header } = await getModel(client, { modelId })
  const file = await fetchBlob({
    root: header.fileRoot,
    bytes: Number(header.fileBytes),
    sources: parameters.sources ?? (await findServers(client)).dataServers,
    sha256,
    signal,
  })
  const { readManifest } = await import('../model/readManifest.js')
  const manifest = readManifest(file, sha256)
  if (manifest.modelId !== modelId)
    throw new LynodeError('LY-MDL-004', {
      details: `the file of ${modelId} gives ${manifest.modelId}`,
    })
  return modelInterface(manifest, sha256)
}
