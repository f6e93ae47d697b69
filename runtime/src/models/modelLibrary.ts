import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  getModel,
  type Hex,
  LynodeError,
  type LynodeReader,
  type Manifest,
  type Model,
  modelWithOutputs,
  nodeModels,
  readManifest,
  traceModel,
  unfusedValues,
} from '@lynode/sdk'
import type { BlobClient } from '../blobs/blobClient.js'
import type { BlobStore } from '../blobs/blobStore.js'
import { nodeSha256 } from '../hash/nodeSha256.js'

/** A registered model whose canonical file is on this disk and was checked. */
export type LoadedModel = {
  registered: Model
  manifest: Manifest
  /** The canonical file. */
  path: string
  /** What native execution runs: declares what must not be fused; written on first use. */
  nativePath(): Promise<string>
  /** The file with every activation declared; written on first use. */
  tracedPath(): Promise<string>
  /** Gives single nodes as models of their own; reads the file once. */
  nodeModels(): Promise<(node: number) => Uint8Array>
  /** Bytes of the canonical file. */
  bytes(): Promise<Uint8Array>
}

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

  async #load(modelId: Hex): Promise<LoadedModel> {
    const { client, blobs, blobClient, folder, maxBytes } = this.#options
    const registered = await getModel(client, { modelId })
    const { fileRoot, fileBytes } = registered.header
    if (fileBytes > BigInt(maxBytes))
      throw new LynodeError('LY-MODEL-002', {
        shortMessage: `the model file has ${fileBytes} bytes`,
      })
    await blobClient.fetchBlob(fileRoot, Number(fileBytes))
    const bytes = () => blobs.read(fileRoot)
    const manifest = readManifest(await bytes(), nodeSha256)
    if (manifest.modelId !== modelId)
      throw new LynodeError('LY-MODEL-001', {
        shortMessage: `the file of model ${modelId} is that of ${manifest.modelId}`,
      })
    const written = async (suffix: string, make: () => Promise<Uint8Array>) => {
      const path = join(folder, `${modelId.slice(2)}${suffix}.onnx`)
      if (existsSync(path)) return path
      await mkdir(folder, { recursive: true })
      const temporary = `${path}.${process.pid}.part`
      await writeFile(temporary, await make())
      await rename(temporary, path)
      return path
    }
    return {
      registered,
      manifest,
      bytes,
      path: blobs.pathOf(fileRoot),
      async nativePath() {
        const unfused = unfusedValues(await bytes())
        if (unfused.length === 0) return blobs.pathOf(fileRoot)
        return written('-native', async () =>
          modelWithOutputs(await bytes(), unfused),
        )
      },
      tracedPath: () =>
        written('', async () => traceModel(await bytes(), manifest)),
      nodeModels: async () => nodeModels(await bytes(), manifest),
    }
  }
}
