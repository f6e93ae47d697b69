import { parseArgs } from 'node:util'
import { LynodeError } from '@lynode/sdk'
import { demoModels } from './models/demoModels.js'
import {
  type ModelMeasurement,
  measureModel,
  type Ratio,
} from './overhead/measureModel.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

// What a provider's fast path costs beside ONNX Runtime's default level, and how
// much of a run's intermediates a trace commits (DESIGN section 10).

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '40' },
    model: { type: 'string', multiple: true },
  },
})
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1)
  throw new RangeError('--rounds takes a positive whole number')

/** Most of the fast path, by ONNX Runtime's default level. */
const fastTarget = 1.05
/** Most that a trace may be of all intermediates. */
const traceTarget = 1 / 3

const models: ModelMeasurement[] = []
const skipped: { name: string; reason: string }[] = []
for (const model of demoModels) {
  const { name } = model
  if (values.model !== undefined && !values.model.includes(name)) continue
  console.error(`publish and measure ${name}, ${rounds} rounds`)
  try {
    models.push(await measureModel(model, rounds))
  } catch (error) {
    // A model that cannot be published yet has no fast path to measure.
    if (!(error instanceof LynodeError) || error.code !== 'LY-MDL-003')
      throw error
    skipped.push({ name, reason: error.details ?? error.shortMessage })
  }
}

const targets: Target[] = models.flatMap((model) => {
  const target = (what: string, value: number, target: number): Target => ({
    name: `${model.name}: ${what}`,
    value,
    target,
    met: value <= target,
  })
  return [
    target('fast path by ONNX Runtime', model.ratios.fast.median, fastTarget),
    target(
      'trace by all intermediates',
      model.traceBytes / model.fullBytes,
      traceTarget,
    ),
  ]
})

if (values.json)
  console.log(JSON.stringify({ models, skipped, targets }, null, 2))
else {
  const shown = ({ min, median, max }: Ratio) =>
    [min, median, max].map((value) => value.toFixed(2)).join(' / ')
  const megabytes = (bytes: number | null) =>
    bytes === null ? '?' : (bytes / 1e6).toFixed(1)
  printTable([
    [
      'model',
      'mode',
      'runtime ms',
      'fast ms',
      'of it commit',
      'store ms',
      'trace ms',
      'fast',
      'plain fallback',
      'traced',
      'trace MB',
      'of MB',
      'peak MB: runtime, fast, trace',
    ],
    ...models.map((model) => [
      model.name,
      model.mode,
      model.milliseconds.runtime.toFixed(1),
      model.milliseconds.fast.toFixed(1),
      model.commitMs.toFixed(1),
      model.storeMs.toFixed(1),
      model.milliseconds.trace.toFixed(1),
      shown(model.ratios.fast),
      shown(model.ratios.fallback),
      shown(model.ratios.trace),
      megabytes(model.traceBytes),
      megabytes(model.fullBytes),
      [model.peakBytes.runtime, model.peakBytes.fast, model.peakBytes.trace]
        .map(megabytes)
        .join(', '),
    ]),
  ])
  console.log('\nBy ONNX Runtime: least / median / most. Targets:')
  for (const { name, value, target, met } of targets)
    console.log(
      `  ${name} ${value.toFixed(3)}, target ${target.toFixed(3)}: ${met ? 'met' : 'NOT met'}`,
    )
  for (const { name, reason } of skipped)
    console.log(`  ${name} not measured: ${reason}`)
}
