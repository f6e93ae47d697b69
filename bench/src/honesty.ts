import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  configurationName,
  onGraphics,
  onProcessor,
} from './honesty/configurations.js'
import { judgeModel, type OperatorUse } from './honesty/judgeModel.js'
import { batches, mostUse, summaryOf } from './honesty/summary.js'
import { webgpuMissing } from './honesty/tracedSession.js'
import { demoModels } from './models/demoModels.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

// Runs the demo models honestly on this machine, on every kernel that the runtime
// would choose for it: 1 and 2 threads, all optimisation levels, 1 and 16 inputs at
// a time, with all intermediates committed and with the derived ones left out. It
// judges elements of every node as the contract would, and says how much of each
// operator's allowance honest results take (RULES C, DESIGN 6.4). An element
// outside its interval would be an honest provider slashed.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Elements of each result that are judged. */
    samples: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', multiple: true },
    /** `cpu` or `webgpu`; default: both, where there is a device. */
    provider: { type: 'string', multiple: true },
    /** Inputs at a time: 1, 16; default both. */
    batch: { type: 'string', multiple: true },
    /** Write docs/honesty.md, or its part of the providers that ran. */
    write: { type: 'boolean', default: false },
  },
})
const samples = Number(values.samples)
const seed = Number(values.seed)

const wanted = batches.filter(
  (batch) => values.batch?.includes(`${batch}`) ?? true,
)
const asked = values.provider ?? ['cpu', 'webgpu']
const missing = asked.includes('webgpu') ? await webgpuMissing() : undefined
if (missing !== undefined) console.error(`no WebGPU device: ${missing}`)
const configurations = [
  ...(asked.includes('cpu') ? onProcessor : []),
  ...(asked.includes('webgpu') && missing === undefined ? onGraphics : []),
]
if (values.write && values.model !== undefined)
  throw new Error('--write takes all models')
if (values.write && asked.includes('cpu') && wanted.length < batches.length)
  throw new Error('--write takes all batches on the processor')
if (configurations.length === 0) throw new Error('nothing to run on')

const uses: OperatorUse[] = []
for (const model of demoModels) {
  if (values.model !== undefined && !values.model.includes(model.name)) continue
  for (const batch of wanted) {
    console.error(`judge ${model.name}, batch ${batch}`)
    const common = { model, batch, samples, seed }
    uses.push(
      ...(await judgeModel({
        ...common,
        configurations,
      })),
    )
  }
}

const operators = worstOf(
  uses,
  ({ provider, operator }) => `${provider} ${operator}`,
)
const providers = [...new Set(configurations.map(({ provider }) => provider))]
const targets: Target[] = [
  ...providers.map((provider) => {
    const outside = operators
      .filter((use) => use.provider === provider)
      .reduce((sum, use) => sum + use.outside, 0)
    return {
      name: `${provider}: honest elements outside their interval`,
      value: outside,
      target: 0,
      met: outside === 0,
    }
  }),
  ...operators
    .filter(({ room }) => room)
    .map(({ provider, operator, worst }) => ({
      name: `${provider}, ${operator}: most of its allowance`,
      value: worst,
      target: mostUse,
      met: worst <= mostUse,
    })),
]
if (values.json)
  console.log(
    JSON.stringify(
      { configurations, missing, samples, seed, operators, uses, targets },
      null,
      2,
    ),
  )
else {
  console.log(
    `Configurations: ${configurations.map(configurationName).join('; ')}; batches of ${wanted.join(' and ')}\n`,
  )
  printTable([
    [
      'operator',
      'provider',
      'elements',
      'outside',
      'anything',
      'most used',
      'where',
    ],
    ...operators.map((use) => [
      use.operator,
      use.provider,
      `${use.elements}`,
      `${use.outside}`,
      `${use.anything}`,
      use.room ? use.worst.toFixed(2) : 'rounded',
      use.at,
    ]),
  ])
  for (const { name, value, target } of targets.filter(({ met }) => !met))
    console.log(`NOT met: ${name} ${value}, target ${target}`)
}
if (values.write) {
  const page = fileURLToPath(new URL('../../docs/honesty.md', import.meta.url))
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU'
  writeFileSync(
    page,
    summaryOf(operators, cpu, wanted, readFileSync(page, 'utf8')),
  )
}
// The threads of a graphics device may outlive its sessions.
process.exit(targets.every(({ met }) => met) ? 0 : 1)

/** One row for all uses of a key: sums, and the worst of them. */
function worstOf(
  list: readonly OperatorUse[],
  keyOf: (use: OperatorUse) => string,
): OperatorUse[] {
  const rows = new Map<string, OperatorUse>()
  for (const use of list) {
    const known = rows.get(keyOf(use))
    if (known === undefined) {
      rows.set(keyOf(use), { ...use })
      continue
    }
    known.elements += use.elements
    known.outside += use.outside
    known.anything += use.anything
    if (use.worst <= known.worst) continue
    known.worst = use.worst
    known.at = use.at
  }
  return [...rows.values()].sort((a, b) => b.worst - a.worst)
}
