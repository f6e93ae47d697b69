import {
  getModel,
  type Hex,
  LynodeError,
  type LynodeReader,
  type Model,
} from '@lynode/sdk'
import type { BlobClient } from '../blobs/blobClient.js'
import type { BlobStore } from '../blobs/blobStore.js'
import { type ModelFile, openModelFile } from './openModelFile.js'

/** A registered model whose canonical file is on this disk and was checked. */
export type LoadedModel = ModelFile & { registered: Model }

export type ModelLibraryOptions = {
  client: LynodeReader
  blobs: BlobStore
  blobClient: BlobClient
  /** Folder of the traced files. */
  folder: string
  /** Largest file that is fetched. */
  maxBytes: number
}

/**
 * Models by id: the header from the registry, the canonical file by its root
 * from any source, the manifest from the file alone. A file from which another
 * model id follows is refused (docs/protocol.md section 3).
 */
export class ModelLibrary {
  readonly #options: ModelLibraryOptions
  readonly #models = new Map<Hex, Promise<LoadedModel>>()
  readonly #fileRoots = new Map<Hex, Hex>()

  constructor(options: ModelLibraryOptions) {
    this.#options = options
  }

  /**
   * @throws LynodeError `LY-MODEL-001` when the file gives another model id,
   * `LY-MODEL-002` when it is too large; what the registry and sources throw.
   */
  load(modelId: Hex): Promise<LoadedModel> {
    const loading = this.#models.get(modelId) ?? this.#load(modelId)
    this.#models.set(modelId, loading)
    loading.catch(() => this.#models.delete(modelId)) // the next call tries again
    return loading
  }

  /** The root of a model's canonical file, from the registry. */
  async fileRootOf(modelId: Hex): Promise<Hex> {
    const known =
      this.#fileRoots.get(modelId) ??
      (await getModel(this.#options.client, { modelId })).header.fileRoot
    this.#fileRoots.set(modelId, known) // a registered model never changes
    return known
  }

  async #load(modelId: Hex): Promise<LoadedModel> {
    const { client, blobs, blobClient, folder, maxBytes } = this.#options
    const registered = await getModel(client, { modelId })
    const { fileRoot, fileBytes } = registered.header
    if (fileBytes > BigInt(maxBytes))
      throw new LynodeError('LY-MODEL-002', {
        shortMessage: `the model file has ${fileBytes} bytes`,
      })
    await blobClient.fetchBlob(fileRoot, Number(fileBytes))
    const file = await openModelFile({ blobs, fileRoot, modelId, folder })
    return { ...file, registered }
  }
}
