import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import {
  claimsTable,
  leadsTable,
  operatorsTable,
  sharesTable,
  withTables,
} from './attack/report.js'
import { victims } from './attack/victims.js'
import type { AttackReport, AttackTask } from './attackWorker.js'

// A provider that uses the room that the bounds leave: it moves every result
// towards the end of its interval that brings the answer nearer to another one.
// What it claims is inside the bounds, so no proof of fraud convicts it. How often
// that changes an answer is the figure of docs/security.md.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Write the tables of docs/security.md. */
    write: { type: 'boolean', default: false },
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

if (values.write && values.model !== undefined)
  throw new Error('--write takes all models')
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
  {
    name: 'least share of claims at the end of an interval of few floats',
    value: Math.min(...claims.map(shareAtEnd)),
    target: leastUse,
    met: claims.every((row) => shareAtEnd(row) >= leastUse),
  },
]
const tables = {
  leads: leadsTable(leads),
  shares: sharesTable(attacks),
  operators: operatorsTable(attacks),
  claims: claimsTable(claims),
}
if (values.json)
  console.log(
    JSON.stringify({ accuracy, leads, attacks, claims, targets }, null, 1),
  )
else {
  if (accuracy !== undefined)
    console.log(
      `digits: ${(100 * accuracy).toFixed(1)}% of the pictures read rightly`,
    )
  for (const own of Object.values(tables)) console.log(`\n${own}`)
  for (const { name, value, target, met } of targets)
    console.log(
      `${met ? 'met' : 'NOT met'}: ${name}: ${value}, target ${target}`,
    )
}
if (values.write) {
  const page = fileURLToPath(new URL('../../docs/security.md', import.meta.url))
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables))
}
process.exitCode = targets.every(({ met }) => met) ? 0 : 1

function shareAtEnd({ narrow, last }: (typeof claims)[number]): number {
  return narrow === 0 ? 1 : last / narrow
}

/** Attacks a model on a thread of its own. */
async function attacked(task: AttackTask): Promise<AttackReport> {
  const worker = new Worker(new URL('attackWorker.js', import.meta.url), {
    workerData: task,
  })
  const [report] = (await once(worker, 'message')) as [AttackReport]
  return report
}
