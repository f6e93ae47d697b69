import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import { trainingModels } from '@lynode/script'
import {
  buildTrainingStep,
  dtypes,
  elementCount,
  readManifest,
  toCommitted,
  toLogical,
} from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'

// Skipped where Python has no PyTorch: `LYNODE_PYTHON` names one that has.
const python = process.env['LYNODE_PYTHON'] ?? 'python3'
const there = spawnSync(python, ['-c', 'import torch']).status === 0
const program = fileURLToPath(new URL('gradients.py', import.meta.url))
const runner = new Runner()
afterAll(() => runner.close())

const batch = 8

test.skipIf(!there).each(['mlp', 'convNet', 'transformer'] as const)(
  'default: the gradient of a whole model is that of PyTorch: %s',
  { timeout: 120_000 },
  async (name) => {
    // With a rate of 1 and no momentum a step moves by the gradient.
    const step = buildTrainingStep({
      graph: trainingModels[name](batch),
      loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
      optimiser: { kind: 'sgd' },
      schedule: { rate: 1, steps: 1 },
      trainable: (parameter) => !['mask', 'root'].includes(parameter),
    })
    const file = await canonicalise(step.model, { runner })
    const manifest = readManifest(file, nodeSha256)
    const feeds = new Map<string, Uint8Array>(
      [...step.state].map(([input, { bytes }]) => [input, bytes]),
    )
    for (const { name: input, dtype, dims } of step.inputs) {
      const count = elementCount(dims as readonly number[])
      const classes = name === 'transformer' ? 64 : 10
      feeds.set(
        input,
        bytesOf(
          dtype === dtypes.float32
            ? Float32Array.from(
                { length: count },
                (_, i) => ((i * 37) % 97) / 97,
              )
            : Int32Array.from({ length: count }, (_, i) => (i * 29) % classes),
        ),
      )
    }
    const wanted = ['parameters_next', 'loss'].map((output) => {
      const value = manifest.values.find((entry) => entry.name === output)
      if (value === undefined) throw new Error(`no ${output}`)
      return value
    })
    const { outputs } = await runner.runNode({
      model: { bytes: file },
      inputs: manifest.values.flatMap(({ kind, name: input, type }) =>
        kind === 'input'
          ? [
              {
                name: input,
                type,
                source: {
                  bytes: toCommitted(
                    type,
                    feeds.get(input) ?? new Uint8Array(),
                  ),
                },
              },
            ]
          : [],
      ),
      outputs: wanted.map(({ name: output, type }) => ({ name: output, type })),
    })
    const [after, loss] = outputs.map(({ data }, i) => {
      const type = wanted[i]?.type
      if (type === undefined || data === undefined) throw new Error('no bytes')
      return new Float32Array(Uint8Array.from(toLogical(type, data)).buffer)
    })
    const before = feeds.get('parameters') ?? new Uint8Array()
    const labels = [...feeds.keys()].find((key) => key === 'labels') ?? ''
    const input = name === 'transformer' ? 'tokens' : 'x'
    const told = spawnSync(python, [program], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      input: JSON.stringify({
        model: name,
        parameters: step.parameters,
        values: base64(before),
        input: base64(feeds.get(input) ?? before),
        labels: base64(feeds.get(labels) ?? before),
      }),
    })
    expect(told.status, told.stderr).toBe(0)
    const answer = JSON.parse(told.stdout) as { loss: number; gradient: string }
    const gradient = new Float64Array(
      Uint8Array.from(Buffer.from(answer.gradient, 'base64')).buffer,
    )
    expect(loss?.[0]).toBeCloseTo(answer.loss, 4)
    const weights = new Float32Array(Uint8Array.from(before).buffer)
    const greatest = Math.max(...[maximum(gradient), 1e-3])
    let error = 0
    for (const [i, value] of weights.entries())
      error = Math.max(
        error,
        Math.abs(value - (after?.[i] ?? Number.NaN) - (gradient[i] ?? 0)),
      )
    expect(gradient).toHaveLength(weights.length)
    // Rounding of the parameters themselves, of which the gradient is a difference.
    expect(error / greatest).toBeLessThan(1e-4)
  },
)

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
