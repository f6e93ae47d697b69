import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatAmount } from '@lynode/sdk'
import { Devnet, describeError, toJson } from 'lynode/devnet'
import { runTrainDemo, type TrainDemoReport } from './training/runTrainDemo.js'

const { values } = parseArgs({
  options: {
    /** Print one JSON document instead of text. */
    json: { type: 'boolean', default: false },
    /** Folder that receives everything. */
    out: { type: 'string' },
  },
})

const folder = resolve(
  values.out ?? mkdtempSync(join(tmpdir(), 'lynode-training-')),
)
let fraud: Record<string, unknown> | undefined
const devnet = new Devnet({
  folder,
  minPrice: '9',
  onVerifierLog: (entry) => {
    if (entry['event'] === 'fraud.proved') fraud = entry
  },
})
const interrupted = Promise.race([
  once(process, 'SIGINT'),
  once(process, 'SIGTERM'),
]).then(() => 'interrupted' as const)

try {
  const report = await Promise.race([
    runTrainDemo(devnet, folder, () => fraud),
    interrupted,
  ])
  if (report === 'interrupted') process.exitCode = 130
  else console.log(values.json ? toJson(report) : format(report))
} catch (error) {
  const description = describeError(error)
  if (values.json) console.log(toJson({ error: description }))
  else
    console.error(
      `${description.code} ${description.message}\n${description.remedy}\nLogs: ${devnet.folder}`,
    )
  process.exitCode = 1
} finally {
  await devnet.stop()
}
process.exit()

function format(report: TrainDemoReport): string {
  const { steps, loss, accuracy, samples, spent, providers, convicted } = report
  const proved = report.fraud
  return [
    '',
    `Trained ${steps} steps, loss ${loss.toFixed(4)}: ${(100 * (accuracy ?? 0)).toFixed(1)}% of ${samples} held-out digits are right.`,
    `Milestones were computed by providers ${providers.join(', ')} for ${formatAmount(spent)}.`,
    `Provider ${convicted.join()} was convicted: step ${String(proved['step'])} of its job, ${String(proved['operator'])} element ${String(proved['element'])}, claimed ${String(proved['claimed'])}, honest [${String(proved['low'])}, ${String(proved['high'])}], ${String(proved['proofGas'])} gas.`,
    `Loss curve ${report.curve}`,
    `Model ${report.model}`,
    `Took ${report.seconds.toFixed(0)} s.`,
  ].join('\n')
}
