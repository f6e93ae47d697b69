import { fork } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { executionProviders, testedProfile } from '@lynode/runtime'
import { references } from './exhaustive/references.js'
import { type ChunkResult, chunkCount } from './exhaustive/sweepChunk.js'
import { need } from './need.js'
import { workspaceRoot } from './workspace.js'

// Operators of one float over all 2^32 bit patterns on ONNX Runtime, against
// float64: the largest error as a share of what docs/operators.md allows by the
// profile of the execution provider. WebGPU is judged by the twins themselves, which
// is slow: take a stride. What is done is kept in cache/exhaustive, so that a run
// that is stopped goes on.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Only this operator, by name; several times for several. */
    operator: { type: 'string', multiple: true },
    /** Every how manieth pattern: 1 is all of them. */
    stride: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
    /** Execution provider of ONNX Runtime. */
    provider: { type: 'string', default: 'cpu' },
  },
})
const stride = Number(values.stride)
const provider = need(
  executionProviders.find((name) => name === values.provider),
  `--provider, one of ${executionProviders.join(', ')},`,
)
const profile = testedProfile(provider)
const worker = fileURLToPath(new URL('exhaustiveWorker.js', import.meta.url))
const folder = join(workspaceRoot, 'cache', 'exhaustive')
mkdirSync(folder, { recursive: true })

const wanted = references.filter(
  ({ name }) => values.operator?.includes(name) ?? true,
)
const rows: Record<string, unknown>[] = []
let outside = 0
for (const { name } of wanted) {
  const chunks = await sweepAll(name)
  const total = chunks.reduce((a, b) => {
    const worse = b.share > a.share || (a.wrong === 0 && b.wrong > 0)
    return {
      compared: a.compared + b.compared,
      share: Math.max(a.share, b.share),
      input: worse ? b.input : a.input,
      wrong: a.wrong + b.wrong,
    }
  })
  if (total.share > 1 || total.wrong > 0) outside++
  rows.push({
    operator: name,
    provider,
    profile,
    stride,
    compared: total.compared,
    share: Number(total.share.toPrecision(3)),
    worst: hex(total.input),
    wrong: total.wrong,
  })
}
if (values.json) console.log(JSON.stringify({ operators: rows }, null, 1))
else console.table(rows)
process.exitCode = rows.length > 0 && outside === 0 ? 0 : 1

/** Results of all chunks, with those of an earlier run. */
async function sweepAll(name: string): Promise<ChunkResult[]> {
  const file = join(
    folder,
    `${name.replaceAll(' ', '-')}-${provider}-${profile}-${stride}.json`,
  )
  const done = readDone(file)
  const open = Array.from({ length: chunkCount }, (_, chunk) => chunk).filter(
    (chunk) => done[chunk] === undefined,
  )
  let saved = performance.now()
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(worker, [name, `${stride}`, provider])
      child.on(
        'message',
        (message: 'ready' | { chunk: number; result: ChunkResult }) => {
          if (message !== 'ready') {
            done[message.chunk] = message.result
            if (performance.now() - saved > 10_000) {
              saved = performance.now()
              writeFileSync(file, JSON.stringify(done))
            }
          }
          const chunk = open.pop()
          if (chunk === undefined) child.disconnect()
          else child.send(chunk)
        },
      )
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        code === 0
          ? resolve()
          : reject(new Error(`a worker ended with ${signal ?? code}`)),
      )
    })
  if (open.length > 0)
    await Promise.all(Array.from({ length: Number(values.processes) }, work))
  writeFileSync(file, JSON.stringify(done))
  return done.map((result) => result as ChunkResult)
}

function readDone(file: string): (ChunkResult | undefined)[] {
  try {
    const known = JSON.parse(
      readFileSync(file, 'utf8'),
    ) as (ChunkResult | null)[]
    return known.map((result) => result ?? undefined)
  } catch {
    return new Array<ChunkResult | undefined>(chunkCount).fill(undefined)
  }
}

function hex(bits: number): string {
  return `0x${bits.toString(16).padStart(8, '0')}`
}
