import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Hex,
  LynodeError,
  type Manifest,
  modelWithOutputs,
  nodeModels,
  readManifest,
  traceModel,
  unfusedValues,
} from '@lynode/sdk'
import type { BlobStore } from '../blobs/blobStore.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { writeDurably } from '../store/durableFiles.js'

/** A canonical file on this disk that is the model it is asked for. */
export type ModelFile = {
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

/**
 * Derives the manifest of a canonical file that is in the store, from the file
 * alone (docs/protocol.md section 3).
 *
 * @throws LynodeError `LY-MODEL-001` when the file gives another model id.
 */
export async function openModelFile(options: {
  blobs: BlobStore
  fileRoot: Hex
  modelId: Hex
  /** Folder of the files that are made from it. */
  folder: string
}): Promise<ModelFile> {
  const { blobs, fileRoot, modelId, folder } = options
  const bytes = () => blobs.read(fileRoot)
  const manifest = readManifest(await bytes(), nodeSha256)
  if (manifest.modelId !== modelId)
    throw new LynodeError('LY-MODEL-001', {
      shortMessage: `the file of model ${modelId} is that of ${manifest.modelId}`,
    })
  const written = async (suffix: string, make: () => Promise<Uint8Array>) => {
    const path = join(folder, `${modelId.slice(2)}${suffix}.onnx`)
    if (existsSync(path)) return path
    await writeDurably(path, await make())
    return path
  }
  // Every native run asks: the file is read once.
  let native: Promise<string> | undefined
  const nativeFile = async () => {
    const unfused = unfusedValues(await bytes())
    if (unfused.length === 0) return blobs.pathOf(fileRoot)
    return written('-native', async () =>
      modelWithOutputs(await bytes(), unfused),
    )
  }
  return {
    manifest,
    bytes,
    path: blobs.pathOf(fileRoot),
    nativePath() {
      native ??= nativeFile()
      native.catch(() => {
        native = undefined // the next call tries again
      })
      return native
    },
    tracedPath: () =>
      written('', async () => traceModel(await bytes(), manifest)),
    nodeModels: async () => nodeModels(await bytes(), manifest),
  }
}
