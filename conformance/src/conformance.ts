import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  nameOf,
  onGraphics,
  onProcessor,
  plain,
  webgpuMissing,
} from './execution/configurations.js'
import { localContract } from './execution/localContract.js'
import type { CaseResult } from './standard/caseResult.js'
import { installStandard, standardVersion } from './standard/installStandard.js'
import { judgeCases } from './standard/judgeCases.js'
import { listCases } from './standard/listCases.js'
import {
  graphicsOf,
  isFresh,
  measuredLines,
  shortReason,
  summaryOf,
  usesOf,
} from './standard/summary.js'
import { workspaceRoot } from './workspace.js'

// The ONNX standard's own backend tests through the protocol: admitted, run on
// ONNX Runtime, judged by the twins and by the contracts.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Only cases whose name contains this. */
    only: { type: 'string' },
    /** Leave the contracts out: the twins alone, in a fraction of the time. */
    'no-contracts': { type: 'boolean', default: false },
    /**
     * `cpu`: also on 2 threads and at every optimisation level; `webgpu`: also
     * there, where there is a device; `all`: both. Default: as a provider computes.
     */
    configurations: { type: 'string' },
    /** Fail when docs/conformance.md says something else. */
    check: { type: 'boolean', default: false },
    /** Write docs/conformance.md, from all configurations. */
    write: { type: 'boolean', default: false },
    processes: { type: 'string', default: '2' },
  },
})
const least = 600
if (values.only !== undefined && (values.check || values.write))
  throw new Error('--check and --write take all cases')

const data = await installStandard()
const cases = listCases(data).filter(({ name }) =>
  name.includes(values.only ?? ''),
)
const wanted = values.configurations ?? (values.write ? 'all' : 'plain')
if (!['plain', 'cpu', 'webgpu', 'all'].includes(wanted))
  throw new Error('--configurations takes plain, cpu, webgpu or all')
const onCard = wanted === 'webgpu' || wanted === 'all'
const missing = onCard ? await webgpuMissing() : undefined
if (missing !== undefined) console.error(`no WebGPU device: ${missing}`)
const configurations = [
  ...(wanted === 'cpu' || wanted === 'all' ? onProcessor : []),
  ...(onCard && missing === undefined ? onGraphics : []),
]
const chain = values['no-contracts'] ? undefined : await localContract()
let results: CaseResult[]
try {
  results = await judgeCases(cases, {
    processes: Number(values.processes),
    contract: chain?.address,
    configurations,
    onResult: ({ case: name, outcome, reason }, done) => {
      if (outcome === 'failed' && !values.json)
        console.error(`FAILED ${name}: ${reason}`)
      if (done % 200 === 0) console.error(`${done} of ${cases.length}`)
    },
  })
} finally {
  await chain?.stop()
}

const of = (outcome: CaseResult['outcome']) =>
  results.filter((result) => result.outcome === outcome)
const [passed, refused, failed] = [of('passed'), of('refused'), of('failed')]
const enough = values.only !== undefined || passed.length >= least
if (values.json)
  console.log(
    JSON.stringify(
      {
        onnx: standardVersion,
        configurations: [plain, ...configurations].map(nameOf),
        missing,
        use: Object.fromEntries(usesOf(results)),
        graphics: Object.fromEntries(graphicsOf(results)),
        passed,
        refused: refused.map(({ case: name, reason }) => ({
          case: name,
          reason,
        })),
        failed: failed.map(({ case: name, reason }) => ({
          case: name,
          reason,
        })),
      },
      null,
      1,
    ),
  )
else {
  const reasons = new Map<string, number>()
  for (const { reason = '' } of refused) {
    const short = shortReason(reason)
    reasons.set(short, (reasons.get(short) ?? 0) + 1)
  }
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
    console.log(`refused ${count}: ${reason}`)
  if (configurations.length > 0)
    for (const line of measuredLines(results)) console.log(line)
  for (const { case: name, reason } of failed)
    console.log(`FAILED ${name}: ${reason}`)
  console.log(
    `${passed.length} passed, ${refused.length} refused, ${failed.length} failed`,
  )
  if (!enough) console.log(`at least ${least} must pass`)
}

const summary = summaryOf(results, cpus()[0]?.model.trim() ?? 'unknown CPU')
const path = join(workspaceRoot, 'docs', 'conformance.md')
if (values.write) writeFileSync(path, summary)
const fresh = !values.check || isFresh(readFileSync(path, 'utf8'), summary)
if (!fresh)
  console.error(
    'docs/conformance.md is stale: `npm run test:conformance -- --write`',
  )
process.exitCode = enough && fresh && failed.length === 0 ? 0 : 1
