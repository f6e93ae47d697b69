import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildModel, readManifest, traceModel } from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { BlobStore } from '../blobs/blobStore.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { canonicalise } from '../publish/canonicalise.js'
import { Runner } from '../runner/runner.js'
import { openModelFile } from './openModelFile.js'

const home = mkdtempSync(join(tmpdir(), 'lynode-model-'))
const runner = new Runner({
  entry: fileURLToPath(
    new URL('../../dist/runner/runnerProcess.js', import.meta.url),
  ),
})
afterAll(async () => {
  await runner.close()
  rmSync(home, { recursive: true, force: true })
})

test('behavior: jobs that trace a model for the first time at once all find its file', async () => {
  const file = await canonicalise(
    buildModel({
      inputs: { x: [1, 4] },
      outputs: ['y'],
      nodes: [
        ['Relu', ['x'], ['r']],
        ['Tanh', ['r'], ['y']],
      ],
    }),
    { runner },
  )
  const blobs = new BlobStore(join(home, 'blobs'))
  const fileRoot = await blobs.put(file)
  const manifest = readManifest(file, nodeSha256)
  const { modelId } = manifest
  const folder = join(home, 'traced')
  const model = await openModelFile({ blobs, fileRoot, modelId, folder })
  const paths = await Promise.all([1, 2, 3].map(() => model.tracedPath()))
  for (const path of paths)
    expect(readFileSync(path)).toEqual(Buffer.from(traceModel(file, manifest)))
  expect(readdirSync(folder)).toHaveLength(1)
})
