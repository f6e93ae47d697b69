import { canonicalise, deriveValues, nodeSha256, Runner } from '@lynode/runtime'
import { trainingModels } from '@lynode/script'
import {
  buildTrainingStep,
  dtypes,
  elementCount,
  type Manifest,
  readManifest,
  toCommitted,
  weightReader,
} from '@lynode/sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { blockMeasure } from '../../verifier/src/blockMeasure.js'
import { roundingMargin } from '../../verifier/src/searchBlocks.js'

// Which steps of a segment a verifier disputes is decided by how far they end
// from what they began with: honest kernels must stay within rounding, a lie must not.

const batch = 8
const plain = new Runner()
const native = new Runner({ threads: 2 })

afterAll(async () => {
  await plain.close()
  await native.close()
})

/** Bytes by name. */
type Bytes = ReadonlyMap<string, Uint8Array>

describe.each(Object.keys(trainingModels) as (keyof typeof trainingModels)[])(
  '%s',
  (name) => {
    test('behavior: other kernels end every step within rounding', async () => {
      const { file, manifest, state, data } = await training(name)
      let before: Bytes = state
      let largest = 0
      for (let step = 0; step < 4; step++) {
        const feeds = new Map([...data(step), ...before])
        const claimed = await run(native, 'native', file, manifest, feeds)
        largest = Math.max(
          largest,
          await deviation(file, manifest, feeds, claimed),
        )
        before = carried(manifest, claimed)
      }
      process.stdout.write(`${JSON.stringify({ name, largest })}\n`)
      expect(largest).toBeLessThan(roundingMargin / 4)
    })

    test('error: a parameter that is off by a thousandth is far outside', async () => {
      const { file, manifest, state, data } = await training(name)
      const feeds = new Map([...data(0), ...state])
      const claimed = await run(plain, 'plain', file, manifest, feeds)
      const wrong = new Float32Array(
        Uint8Array.from(claimed.get('parameters_next') ?? []).buffer,
      )
      wrong[0] = (wrong[0] ?? 0) + 1e-3
      const lied = new Map(claimed).set('parameters_next', bytesOf(wrong))
      expect(await deviation(file, manifest, feeds, lied)).toBeGreaterThan(
        roundingMargin,
      )
    })
  },
)

/** A training of a model, its first state, and data that differs from step to step. */
async function training(name: keyof typeof trainingModels) {
  const built = buildTrainingStep({
    graph: trainingModels[name](batch),
    loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
    optimiser: { kind: 'adam' },
    schedule: { rate: 0.002, steps: 4 },
    trainable: (parameter) => !['mask', 'root'].includes(parameter),
  })
  const canonical = await canonicalise(built.model, { runner: plain })
  const { file } = await deriveValues(canonical, { derivation: 'fused' })
  const manifest = readManifest(file, nodeSha256)
  const classes = name === 'transformer' ? 64 : 10
  const data = (step: number): Bytes =>
    new Map(
      built.inputs.map(({ name: input, dtype, dims }) => {
        const length = elementCount(dims as readonly number[])
        const at = (i: number) => i + step * length
        const values =
          dtype === dtypes.float32
            ? Float32Array.from({ length }, (_, i) => ((at(i) * 37) % 97) / 97)
            : Int32Array.from({ length }, (_, i) => (at(i) * 29) % classes)
        return [input, committed(manifest, input, bytesOf(values))]
      }),
    )
  const state: Bytes = new Map(
    [...built.state].map(([input, { bytes }]) => [
      input,
      committed(manifest, input, bytes),
    ]),
  )
  return { file, manifest, state, data }
}

/** Committed bytes of the outputs. */
async function run(
  runner: Runner,
  mode: 'plain' | 'native',
  file: Uint8Array,
  manifest: Manifest,
  feeds: Bytes,
): Promise<Bytes> {
  const outputs = manifest.values.filter(({ kind }) => kind === 'output')
  const ran = await runner.runNode({
    model: { bytes: file },
    mode,
    inputs: manifest.values.flatMap(({ kind, name, type }) => {
      const bytes = feeds.get(name)
      return kind === 'input' && bytes !== undefined
        ? [{ name, type, source: { bytes } }]
        : []
    }),
    outputs: outputs.map(({ name, type }) => ({ name, type })),
  })
  return new Map(
    ran.outputs.map(({ name, data }) => [name, data ?? new Uint8Array()]),
  )
}

async function deviation(
  file: Uint8Array,
  manifest: Manifest,
  feeds: Bytes,
  claimed: Bytes,
): Promise<number> {
  const weights = weightReader(file, manifest)
  const measure = await blockMeasure(
    { runner: plain, logger: { warn: expect.unreachable } },
    { bytes: async () => file, manifest },
    {
      async bytes(value) {
        const { name = '' } = manifest.values[value] ?? {}
        const bytes = weights(value) ?? claimed.get(name) ?? feeds.get(name)
        if (bytes === undefined) throw new Error(`no bytes of ${name}`)
        return bytes
      },
    },
  )
  const targets = [...manifest.values.keys()].filter(
    (value) => manifest.values[value]?.kind === 'output',
  )
  return measure(targets, () => false)
}

/** What the next step begins with, by the names of its inputs. */
function carried(manifest: Manifest, results: Bytes): Bytes {
  const outputs = manifest.values.flatMap((value) =>
    value.kind === 'output' && value.carried ? [value] : [],
  )
  return new Map(
    manifest.values.flatMap((value): [string, Uint8Array][] => {
      if (value.kind !== 'input') return []
      const output = outputs.find(({ slot }) => slot === value.carriedSlot)
      const bytes = output && results.get(output.name)
      return bytes === undefined ? [] : [[value.name, bytes]]
    }),
  )
}

function committed(
  manifest: Manifest,
  name: string,
  bytes: Uint8Array,
): Uint8Array {
  const value = manifest.values.find((entry) => entry.name === name)
  return value === undefined ? bytes : toCommitted(value.type, bytes)
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
