import { parseArgs } from 'node:util'
import { printTable } from './printTable.js'
import type { Target } from './target.js'
import {
  measureTraining,
  type TrainingMeasurement,
} from './train/measureTraining.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    segment: { type: 'string', default: '64' },
  },
})

/** Cost of commitments: with them by without. */
const mostRatio = 1.1

const models: TrainingMeasurement[] = []
for (const name of ['mlp', 'convNet', 'transformer'] as const) {
  console.error(`measure ${name}`)
  models.push(
    await measureTraining(name, Number(values.segment), Number(values.rounds)),
  )
}
const targets: Target[] = models.map(({ name, ratio }) => ({
  name: `${name}: committed by plain`,
  value: ratio,
  target: mostRatio,
  met: ratio <= mostRatio,
}))

if (values.json) console.log(JSON.stringify({ models, targets }, null, 2))
else
  printTable([
    ['model', 'ms/step', 'committed', 'ratio', 'verify a segment', 'state'],
    ...models.map(
      ({ name, plain, committed, ratio, verifySegment, stateBytes }) => [
        name,
        plain.toFixed(2),
        committed.toFixed(2),
        ratio.toFixed(3),
        `${verifySegment.toFixed(0)} ms`,
        `${(stateBytes / 2 ** 20).toFixed(1)} MiB`,
      ],
    ),
  ])
