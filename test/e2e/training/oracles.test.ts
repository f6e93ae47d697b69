import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
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
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noPython, pythonEnvironment } from '../support/pythonEnvironment.js'

const batch = 8
const runner = new Runner()
let made: string | undefined
afterAll(async () => {
  await runner.close()
  if (made !== undefined) rmSync(made, { recursive: true, force: true })
})

type Oracle = { program: string; python(): Promise<string> }

/** PyTorch is large: `LYNODE_PYTHON` names a Python that has it. */
const named = process.env['LYNODE_PYTHON'] ?? 'python3'
const oracles = {
  PyTorch: { program: 'gradients.py', python: async () => named },
  'onnx-ad': {
    program: 'adjoints.py',
    async python() {
      const packages = ['onnx-ad==0.3.0', 'onnx==1.22.0', 'onnxruntime==1.30.0']
      const environment = await pythonEnvironment(...packages)
      made = environment.folder
      return environment.python
    },
  },
} satisfies Record<string, Oracle>

const absent = {
  PyTorch:
    spawnSync(named, ['-c', 'import torch']).status === 0
      ? undefined
      : 'LYNODE_PYTHON names no Python with PyTorch',
  'onnx-ad': noPython(),
}
const models = ['mlp', 'convNet', 'transformer'] as const

describe.each(Object.keys(oracles) as (keyof typeof oracles)[])('%s', (by) => {
  let python = ''
  beforeAll(async () => {
    if (absent[by] === undefined) python = await oracles[by].python()
  }, 600_000)

  test.for(models)(
    'default: the gradient of a whole model is the same: %s',
    { timeout: 120_000 },
    async (name, { skip }) => {
      const reason = absent[by]
      if (reason !== undefined) skip(reason)
      await compare(name, python, oracles[by].program)
    },
  )
})

/** Compares the gradient of our step with that of an oracle. */
async function compare(
  name: (typeof models)[number],
  python: string,
  program: string,
): Promise<void> {
  const graph = trainingModels[name](batch)
  const classes = name === 'transformer' ? 64 : 10
  // With a rate of 1 and no momentum a step moves by the gradient.
  const step = buildTrainingStep({
    graph,
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
    feeds.set(
      input,
      bytesOf(
        dtype === dtypes.float32
          ? Float32Array.from({ length: count }, (_, i) => ((i * 37) % 97) / 97)
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
                bytes: toCommitted(type, feeds.get(input) ?? new Uint8Array()),
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
  const path = fileURLToPath(new URL(program, import.meta.url))
  const told = spawnSync(python, [path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    input: JSON.stringify({
      model: name,
      graph: base64(graph),
      name: input,
      classes,
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
}

function maximum(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
