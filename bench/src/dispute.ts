import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ocrModelFile, ocrModels } from '@lynode/script'
import {
  type DisputedModel,
  type DisputeMeasurement,
  measureDispute,
} from './dispute/measureDispute.js'
import { median } from './median.js'
import { mobileNet, mobileNetDims } from './models/mobileNet.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

// From the first demand to the slash, in block time: daemons in processes of their
// own on a chain with a block a second.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    /** Only models whose name contains this. */
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '1' },
  },
})

/** Seconds. */
const mostDispute = 10

/** Seconds; as zk-OPML published it, a window of 120 s and replies of 30 s included. */
const zkOpmlMobileNet = 1_115

const models: readonly DisputedModel[] = [
  {
    name: 'PP-OCRv4 rec',
    file: new Uint8Array(readFileSync(ocrModelFile('rec'))),
    dims: ocrModels.rec.shapes.x,
  },
  { name: 'MobileNetV2', file: mobileNet(), dims: mobileNetDims },
]
const rounds: DisputeMeasurement[][] = []
for (const model of models) {
  if (!model.name.includes(values.only)) continue
  const measured: DisputeMeasurement[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    console.error(`dispute over ${model.name}`)
    measured.push(await measureDispute(model))
  }
  rounds.push(measured)
}
const disputes = rounds.flatMap(([first, ...others]) =>
  first === undefined
    ? []
    : {
        ...first,
        seconds: median([first, ...others].map(({ seconds }) => seconds)),
      },
)
const targets: Target[] = disputes.map(({ model, seconds }) => ({
  name: `${model}: seconds from the first demand to the slash`,
  value: seconds,
  target: mostDispute,
  met: seconds < mostDispute,
}))
if (values.json)
  console.log(
    JSON.stringify({ disputes, peers: { zkOpmlMobileNet }, targets }, null, 2),
  )
else {
  printTable([
    [
      'model',
      'parameters',
      'nodes',
      'dispute s',
      'since delivery s',
      'gas of the proof',
      'bytes',
      'operator',
    ],
    ...disputes.map((one) => [
      one.model,
      `${one.parameters}`,
      `${one.nodes}`,
      `${one.seconds}`,
      `${one.sinceDelivery}`,
      `${one.proofGas}`,
      `${one.proofBytes}`,
      one.operator,
    ]),
  ])
  console.log(
    `\nA MobileNet of 3.5 million parameters elsewhere: zk-OPML ${zkOpmlMobileNet} s.`,
  )
  for (const { name, value, target, met } of targets)
    console.log(`${name}: ${value} of ${target} ${met ? 'met' : 'NOT met'}`)
}
process.exit()
