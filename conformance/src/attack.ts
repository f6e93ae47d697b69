import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import { ocrModelFile, ocrModels } from '@lynode/script'
import {
  elementCount,
  type Judged,
  judgedManifest,
  judgeElement,
  type Manifest,
  parseOnnx,
  readManifest,
  toCommitted,
  weightReader,
} from '@lynode/sdk'
import { trainClassifier } from './attack/classifier.js'
import { Network, type Value } from './attack/network.js'
import { need } from './need.js'
import { randomOf } from './random.js'

// A provider that uses the room that the bounds leave: it moves every result
// towards the end of its interval that brings the answer nearer to another one.
// What it claims is inside the bounds, so no proof of fraud convicts it. How often
// that changes an answer is the figure of docs/security.md.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Inputs of each model. */
    inputs: { type: 'string', default: '400' },
    /** Inputs of the models of the demo, which are larger. */
    pictures: { type: 'string', default: '12' },
  },
})
const shares = [1, 0.1, 0.01]
/** Profiles: any order of additions, and runs of at most so many. */
const profiles = [
  { name: '1', run: 0 },
  { name: 'blocked, runs of 64', run: 64 },
] as const

type Row = {
  model: string
  profile: string
  /** Whose results are moved. */
  operators: string
  share: number
  inputs: number
  flipped: number
  rate: number
  /** Largest share of the distance between the two best answers that it takes away. */
  closed: number
}

const runner = new Runner({ sessions: 1 })
const rows: Row[] = []
/** Claims of attacks that the twins judged, and those that they convict. */
const judged = { elements: 0, convicted: 0 }
let accuracy = 0
try {
  const classifier = trainClassifier()
  accuracy = classifier.accuracy
  await attackModel(
    'digits',
    await canonicalise(classifier.model, { runner }),
    classifier.test
      .slice(0, Number(values.inputs))
      .map(({ picture }) => picture),
  )
  const { shapes } = ocrModels.cls
  await attackModel(
    'cls',
    await canonicalise(readFileSync(ocrModelFile('cls')), { shapes, runner }),
    noisePictures(elementCount(shapes.x), Number(values.pictures)),
  )
} finally {
  await runner.close()
}
const targets = [
  {
    name: 'claims inside the bounds that are convicted',
    value: judged.convicted,
    target: 0,
    met: judged.convicted === 0 && judged.elements > 0,
  },
]
if (values.json)
  console.log(
    JSON.stringify({ accuracy, attacks: rows, judged, targets }, null, 1),
  )
else {
  console.log(
    `digits: ${(100 * accuracy).toFixed(1)}% of the pictures read rightly`,
  )
  console.table(rows)
  console.table(targets)
}
process.exitCode = targets.every(({ met }) => met) ? 0 : 1

async function attackModel(
  model: string,
  file: Uint8Array,
  inputs: readonly Float32Array[],
): Promise<void> {
  const manifest = readManifest(file, nodeSha256)
  const graph = parseOnnx(file)
  const input = need(graph.inputs[0], 'an input')
  const result = need(graph.outputs[0], 'an output')
  const dims = (input.dims ?? []).map((dim) => need(dim, 'a size'))
  for (const profile of profiles) {
    const network = new Network(graph, profile.run)
    const kinds = [
      ...new Set(graph.nodes.map(({ operator }) => operator)),
    ].filter((operator) =>
      ['Conv', 'Gemm', 'GlobalAveragePool', 'Div'].includes(operator),
    )
    const plans = [
      ...shares.map((share) => ({ share, operators: undefined })),
      ...kinds.map((kind) => ({ share: 1, operators: new Set([kind]) })),
    ]
    const flipped = plans.map(() => 0)
    const closed = plans.map(() => 0)
    for (const [index, data] of inputs.entries()) {
      const x: Value = { dims, data }
      const honest = network.forward(x)
      const answer = need(honest.get(result), 'the result').data
      const [best, second] = topTwo(answer)
      const seed = new Float64Array(answer.length)
      seed[best] = -1
      seed[second] = 1
      const gradients = network.backward(honest, new Map([[result, seed]]))
      for (const [k, plan] of plans.entries()) {
        const claimed = network.forward(x, { ...plan, gradients })
        const own = need(claimed.get(result), 'the result').data
        if (topTwo(own)[0] !== best) flipped[k] = need(flipped[k], 'a plan') + 1
        const lead = (of: Float32Array) =>
          need(of[best], 'it') - need(of[second], 'it')
        closed[k] = Math.max(
          need(closed[k], 'a plan'),
          1 - lead(own) / lead(answer),
        )
        // The claims are inside what the contract accepts.
        if (k === 0 && profile.run === 0 && index < 4)
          judgeClaims(manifest, file, claimed)
      }
    }
    for (const [k, { share, operators }] of plans.entries()) {
      const count = need(flipped[k], 'a plan')
      rows.push({
        model,
        profile: profile.name,
        operators: operators === undefined ? 'all' : [...operators].join(),
        share,
        inputs: inputs.length,
        flipped: count,
        rate: count / inputs.length,
        closed: Number(need(closed[k], 'a plan').toPrecision(2)),
      })
    }
  }
}

/** Has the twins judge some claims of every node. */
function judgeClaims(
  manifest: Manifest,
  file: Uint8Array,
  claimed: ReadonlyMap<string, Value>,
): void {
  const random = randomOf(5)
  const weights = weightReader(file, manifest)
  const bytes = manifest.values.map(({ name, type, kind }, index) => {
    if (kind === 'weight') return need(weights(index), name)
    const { data } = need(claimed.get(name), name)
    return toCommitted(type, new Uint8Array(Float32Array.from(data).buffer))
  })
  const of: Judged = judgedManifest(manifest)
  for (const [node, { outputs }] of manifest.nodes.entries()) {
    const count = elementCount(
      need(manifest.values[need(outputs[0], 'an output')], 'a value').type.dims,
    )
    for (let i = 0; i < 6; i++) {
      const { fraud } = judgeElement({
        manifest: of,
        node,
        output: 0,
        element: random() % count,
        read: (value, offset, length) =>
          need(bytes[value], 'a value').subarray(offset, offset + length),
      })
      judged.elements++
      if (fraud) judged.convicted++
    }
  }
}

function topTwo(values: Float32Array): [number, number] {
  const order = [...values.entries()]
    .sort(([, a], [, b]) => b - a)
    .map(([index]) => index)
  return [order[0] ?? 0, order[1] ?? 0]
}

/** Pictures of noise, of more and less contrast. */
function noisePictures(count: number, pictures: number): Float32Array[] {
  const random = randomOf(3)
  return Array.from({ length: pictures }, (_, i) =>
    Float32Array.from(
      { length: count },
      () => (random() / 2 ** 31 - 1) * (1 + (i % 4)) * 0.25,
    ),
  )
}
