import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { claimsTable, operatorsTable, sharesTable } from './attack/report.js'
import { victims } from './attack/victims.js'
import type { AttackReport, AttackTask } from './attackWorker.js'

// A provider that uses the room that the bounds leave: it moves every result
// towards the end of its interval that brings the answer nearer to another one.
// What it claims is inside the bounds, so no proof of fraud convicts it. How often
// that changes an answer is the figure of docs/security.md.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Inputs of the classifier that the suite trains. */
    inputs: { type: 'string', default: '400' },
    /** Inputs of each model of the demo, which are larger. */
    pictures: { type: 'string', default: '4' },
    model: { type: 'string', multiple: true },
    /** Models at a time. */
    threads: { type: 'string', default: '2' },
  },
})
/** Claims go at least so far to the end of their interval. */
const leastUse = 0.95

const names = values.model ?? Object.keys(victims)
const reports = new Map<string, AttackReport>()
const waiting = [...names]
await Promise.all(
  Array.from({ length: Number(values.threads) }, async () => {
    for (;;) {
      const name = waiting.shift()
      if (name === undefined) return
      console.error(`attack ${name}`)
      const inputs = Number(name === 'digits' ? values.inputs : values.pictures)
      reports.set(name, await attacked({ name, inputs }))
    }
  }),
)
const found = names.flatMap((name) => reports.get(name) ?? [])
const attacks = found.flatMap((report) => report.attacks)
const claims = found.flatMap((report) => report.claims)
const leads = found.map(({ lead }) => lead)
const accuracy = reports.get('digits')?.accuracy

const targets = [
  {
    name: 'claims inside the bounds that are convicted',
    value: claims.reduce((sum, { convicted }) => sum + convicted, 0),
    target: 0,
    met: claims.every(
      ({ elements, convicted }) => elements > 0 && convicted === 0,
    ),
  },
  {
    name: 'least share of its room that a claim at 100% uses',
    value: Math.min(...claims.map(({ least }) => least)),
    target: leastUse,
    met: claims.every(
      ({ least, measured }) => measured > 0 && least >= leastUse,
    ),
  },
]
if (values.json)
  console.log(
    JSON.stringify({ accuracy, leads, attacks, claims, targets }, null, 1),
  )
else {
  if (accuracy !== undefined)
    console.log(
      `digits: ${(100 * accuracy).toFixed(1)}% of the pictures read rightly`,
    )
  for (const { model, least, median } of leads)
    console.log(`${model}: leads from ${least}, median ${median}`)
  console.log(`\n${sharesTable(attacks)}\n\n${operatorsTable(attacks)}`)
  console.log(`\n${claimsTable(claims)}\n`)
  for (const { name, value, target, met } of targets)
    console.log(
      `${met ? 'met' : 'NOT met'}: ${name}: ${value}, target ${target}`,
    )
}
process.exitCode = targets.every(({ met }) => met) ? 0 : 1

/** Attacks a model on a thread of its own. */
async function attacked(task: AttackTask): Promise<AttackReport> {
  const worker = new Worker(new URL('attackWorker.js', import.meta.url), {
    workerData: task,
  })
  const [report] = (await once(worker, 'message')) as [AttackReport]
  return report
}
