import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BlobStore,
  canonicalise,
  type LoadedModel,
  nodeSha256,
  Runner,
  runSegment,
} from '@lynode/runtime'
import { type trainingModels, trainingStepOf } from '@lynode/script'
import {
  dtypes,
  elementCount,
  type InputsDocument,
  type Manifest,
  readManifest,
  type TensorDocument,
  toCommitted,
} from '@lynode/sdk'
import { median } from '../median.js'

/** How fast a model trains. */
export type TrainingMeasurement = {
  name: keyof typeof trainingModels
  steps: number
  /** Milliseconds a step, median of the rounds. */
  plain: number
  committed: number
  /** Of the pairs of runs, median. */
  ratio: number
  /** Milliseconds that a verifier takes for a segment. */
  verifySegment: number
  stateBytes: number
}

/**
 * Trains for some segments, with and without commitments in turn: both in the
 * runner process, the state fed back in memory.
 */
export async function measureTraining(
  name: keyof typeof trainingModels,
  segment: number,
  rounds: number,
): Promise<TrainingMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-train-'))
  const runner = new Runner()
  try {
    const step = trainingStepOf(name, segment)
    const file = await canonicalise(step.model, { runner })
    const manifest = readManifest(file, nodeSha256)
    const path = join(folder, 'step.onnx')
    writeFileSync(path, file)
    const blobs = new BlobStore(join(folder, 'blobs'))
    const inputs = await inputsOf(manifest, step.state, blobs, segment)
    const model = { manifest, path } as LoadedModel
    const options = { runner, model, inputs, index: 0, before: undefined }
    const committed = async () => {
      const { timings } = await runSegment({
        ...options,
        reader: blobs,
        spool: blobs.folder,
      })
      return (timings.runMs + timings.commitMs + timings.storeMs) / segment
    }
    const plain = async () => {
      const { timings } = await runSegment({
        ...options,
        reader: blobs,
        spool: blobs.folder,
        commit: false,
      })
      return timings.runMs / segment
    }
    await plain()
    await committed()
    const pairs: { plain: number; committed: number }[] = []
    for (let round = 0; round < rounds; round++)
      pairs.push({ plain: await plain(), committed: await committed() })
    const start = performance.now()
    await runSegment({ ...options, reader: blobs, spool: blobs.folder })
    return {
      name,
      steps: segment,
      plain: median(pairs.map((pair) => pair.plain)),
      committed: median(pairs.map((pair) => pair.committed)),
      ratio: median(pairs.map((pair) => pair.committed / pair.plain)),
      verifySegment: performance.now() - start,
      stateBytes: [...step.state.values()].reduce(
        (total, { bytes }) => total + bytes.length,
        0,
      ),
    }
  } finally {
    await runner.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inputsOf(
  manifest: Manifest,
  state: ReadonlyMap<string, { bytes: Uint8Array }>,
  blobs: BlobStore,
  steps: number,
): Promise<InputsDocument> {
  const first: TensorDocument[] = []
  const later: TensorDocument[] = []
  for (const value of manifest.values) {
    if (value.kind !== 'input') continue
    const { dtype, dims, perm } = value.type
    const bytes =
      state.get(value.name)?.bytes ?? noise(dtype, elementCount(dims))
    const dataRoot = await blobs.put(
      new Uint8Array(toCommitted(value.type, bytes)),
    )
    first[value.slot] = { dtype, dims, perm, dataRoot }
    if (!state.has(value.name))
      later[value.laterSlot] = { dtype, dims, perm, dataRoot }
  }
  return {
    kind: 'inputs',
    steps: Array.from({ length: steps }, (_, t) => (t === 0 ? first : later)),
  }
}

/** Data of a dataset: small whole numbers, or floats below 1. */
function noise(dtype: number, count: number): Uint8Array {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return new Uint8Array(
    dtype === dtypes.float32
      ? Float32Array.from({ length: count }, next).buffer
      : Int32Array.from({ length: count }, () => Math.floor(next() * 10))
          .buffer,
  )
}
