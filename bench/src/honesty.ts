import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobStore, canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  type OcrModelName,
  ocrModelFile,
  ocrModels,
  readPicture,
} from '@lynode/script'
import {
  elementCount,
  floatKey,
  type Judgement,
  judgedManifest,
  judgeElement,
  type Manifest,
  readManifest,
  toCommitted,
  traceModel,
  weightReader,
} from '@lynode/sdk'

// Runs the demo models honestly on this machine, judges elements of every node
// as the contract would, and says how much of each operator's allowance honest
// results take (RULES C, DESIGN 6.4). An element outside its interval would be
// an honest provider slashed.

type Row = {
  model: string
  operator: string
  elements: number
  /** Elements outside their interval: none may be. */
  outside: number
  /** Elements of which anything is accepted (C2). */
  anything: number
  /** Largest distance from the middle of the interval, in half widths. */
  worst: number
  /** Where that was: node, element, what was claimed, both ends. */
  at: string
}

const json = process.argv.includes('--json')
const samples = Number(argument('--samples') ?? 24)
const seed = Number(argument('--seed') ?? 1)

const rows: Row[] = []
for (const model of ['cls', 'rec'] as const)
  rows.push(...(await measure(model)))
const targets = [...new Set(rows.map((row) => row.model))].map((model) => {
  const value = rows
    .filter((row) => row.model === model)
    .reduce((total, row) => total + row.outside, 0)
  return {
    name: `${model}: honest elements outside their interval`,
    value,
    target: 0,
    met: value === 0,
  }
})
if (json)
  console.log(JSON.stringify({ samples, seed, operators: rows, targets }))
else {
  console.table(rows.map(({ at, ...row }) => row))
  for (const { model, operator, at } of rows)
    if (at !== '') console.log(`${model} ${operator}: ${at}`)
  console.table(targets)
}
process.exitCode = targets.every((target) => target.met) ? 0 : 1

/** Judges sampled elements of every node on several inputs. */
async function measure(model: OcrModelName): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lynode-honesty-'))
  const runner = new Runner()
  try {
    const { shapes } = ocrModels[model]
    const file = await canonicalise(await readFile(ocrModelFile(model)), {
      shapes,
      runner,
    })
    const manifest = readManifest(file, nodeSha256)
    const trace = traceModel(file, manifest)
    const weights = weightReader(file, manifest)
    const found = new Map<string, Row>()
    for (const input of inputsOf(model, elementCount(shapes.x)))
      await judgeRun({
        model,
        manifest,
        trace,
        weights,
        input,
        found,
        folder,
        runner,
      })
    return [...found.values()].sort((a, b) => b.worst - a.worst)
  } finally {
    await runner.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function judgeRun(run: {
  model: string
  manifest: Manifest
  trace: Uint8Array
  weights: (value: number) => Uint8Array | undefined
  input: Float32Array
  found: Map<string, Row>
  folder: string
  runner: Runner
}): Promise<void> {
  const { manifest, found, folder } = run
  const given = manifest.values[0]
  if (given === undefined) throw new Error('the model has no input')
  const logical = new Uint8Array(run.input.buffer)
  const input = toCommitted(given.type, logical)
  const wanted = manifest.values.filter(
    (value) => value.kind === 'activation' || value.kind === 'output',
  )
  const { outputs } = await run.runner.trace({
    model: { bytes: run.trace },
    inputs: [{ name: given.name, type: given.type, source: { bytes: input } }],
    outputs: wanted.map(({ name, type }) => ({ name, type })),
    spool: folder,
  })
  const store = new BlobStore(folder)
  const roots = new Map(outputs.map(({ name, dataRoot }) => [name, dataRoot]))
  const cache = new Map<number, Uint8Array>([[0, input]])
  const load = async (index: number): Promise<void> => {
    if (cache.has(index)) return
    const root = roots.get(manifest.values[index]?.name ?? '')
    const bytes =
      root === undefined
        ? run.weights(index)
        : new Uint8Array(await readFile(store.pathOf(root)))
    if (bytes !== undefined) cache.set(index, bytes)
  }
  const random = words(seed)
  const judged = judgedManifest(manifest)
  for (const [
    node,
    { operator, inputs, outputs },
  ] of manifest.nodes.entries()) {
    for (const index of [...inputs, ...outputs]) await load(index)
    const value = manifest.values[outputs[0] ?? 0]
    if (value === undefined) continue
    const row = found.get(operator) ?? {
      model: run.model,
      operator,
      elements: 0,
      outside: 0,
      anything: 0,
      worst: 0,
      at: '',
    }
    found.set(operator, row)
    const count = elementCount(value.type.dims)
    for (let i = 0; i < samples; i++) {
      const element = random() % count
      const judgement = judgeElement({
        manifest: judged,
        node,
        output: 0,
        element,
        read: (index, offset, length) => {
          const bytes = cache.get(index)
          if (bytes === undefined) throw new Error(`value ${index} is missing`)
          return bytes.subarray(offset, offset + length)
        },
      })
      row.elements++
      if (judgement.fraud) row.outside++
      if (judgement.honest.kind === 'any') row.anything++
      const use = useOf(judgement)
      if (use <= row.worst) continue
      row.worst = use
      row.at = shown(value.name, element, judgement)
    }
  }
}

/** Distance from the middle of the interval in half widths; above 1 is outside. */
function useOf({ honest, claimed }: Judgement): number {
  if (honest.kind !== 'float' || honest.low === honest.high) return 0
  const [low, high, value] = [honest.low, honest.high, floatKey(claimed)].map(
    floatOfKey,
  ) as [number, number, number]
  const half = (high - low) / 2
  return half > 0 && Number.isFinite(half)
    ? Math.abs(value - (low + half)) / half
    : 0
}

function shown(
  name: string,
  element: number,
  { honest, claimed }: Judgement,
): string {
  const [value, low, high] = [floatKey(claimed), honest.low, honest.high].map(
    floatOfKey,
  )
  return `${name}[${element}] = ${value} in [${low}, ${high}]`
}

function floatOfKey(key: bigint): number {
  const bits = key < 0n ? Number(-key) + 2 ** 31 : Number(key)
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, bits)
  return view.getFloat32(0)
}

/** A picture of noise, a blank one, one with large values; for rec the demo's own. */
function inputsOf(model: OcrModelName, count: number): Float32Array[] {
  const random = words(seed + 1)
  const inputs: Float32Array[] = [
    Float32Array.from({ length: count }, () => random() / 2 ** 31 - 1),
    new Float32Array(count).fill(1),
    Float32Array.from({ length: count }, () => (random() / 2 ** 31 - 1) * 1e4),
  ]
  if (model === 'rec')
    inputs.push(
      readPicture(
        new URL('../../script/assets/line.png', import.meta.url).pathname,
      ),
    )
  return inputs
}

/** Deterministic unsigned 32-bit words (mulberry32). */
function words(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return (word ^ (word >>> 14)) >>> 0
  }
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
