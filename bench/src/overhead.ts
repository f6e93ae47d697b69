import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type OcrModelName, ocrModelFile, ocrModels } from '@lynode/script'
import { LynodeError } from '@lynode/sdk'
import { type ModelMeasurement, measureModel } from './overhead/measureModel.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string', default: '20' },
  },
})
const runs = Number(values.runs)

/** DESIGN section 10, plain execution: median of fast by plain. */
const fastTargets: Record<OcrModelName, number> = {
  cls: 1.75,
  rec: 1.4,
  det: 1.4,
}

const models: ModelMeasurement[] = []
const skipped: { name: string; reason: string }[] = []
for (const name of Object.keys(ocrModels) as OcrModelName[]) {
  console.error(`measure ${name}, ${runs} rounds`)
  try {
    const file = new Uint8Array(readFileSync(ocrModelFile(name)))
    const dims = ocrModels[name].shapes.x
    models.push(await measureModel({ name, file, dims, runs }))
  } catch (error) {
    // A model that cannot be published yet has no fast path to measure.
    if (!(error instanceof LynodeError) || error.code !== 'LY-MDL-003')
      throw error
    skipped.push({ name, reason: error.details ?? error.shortMessage })
  }
}

const targets: Target[] = models.map(({ name, fastRatio }) => {
  const target = fastTargets[name as OcrModelName]
  const value = fastRatio.median
  return { name: `${name}: fast by plain`, value, target, met: value <= target }
})

if (values.json)
  console.log(JSON.stringify({ models, skipped, targets }, null, 2))
else {
  const mebibytes = (bytes: number | null) =>
    bytes === null ? '?' : `${Math.round(bytes / 2 ** 20)} MiB`
  const ratio = ({ min, median, max }: ModelMeasurement['fastRatio']) =>
    [min, median, max].map((value) => value.toFixed(2)).join(' / ')
  printTable([
    [
      'model',
      'plain ms',
      'fast ms',
      'of it commit',
      'store ms',
      'trace ms',
      'fast by plain',
      'trace by plain',
      'peak memory: plain, fast, trace',
    ],
    ...models.map((model) => [
      model.name,
      model.plainMs.toFixed(1),
      model.fastMs.toFixed(1),
      model.commitMs.toFixed(1),
      model.storeMs.toFixed(1),
      model.traceMs.toFixed(1),
      ratio(model.fastRatio),
      ratio(model.traceRatio),
      [model.peakBytes.plain, model.peakBytes.fast, model.peakBytes.trace]
        .map(mebibytes)
        .join(', '),
    ]),
  ])
  console.log('\nRatios: least / median / most. Targets:')
  for (const { name, value, target, met } of targets)
    console.log(
      `  ${name} ${value.toFixed(2)}, target ${target}: ${met ? 'met' : 'NOT met'}`,
    )
  for (const { name, reason } of skipped)
    console.log(`  ${name} not measured: ${reason}`)
}
