import { parseArgs } from 'node:util'
import { printTable } from './printTable.js'
import type { Target } from './target.js'
import { measureDispute } from './train/measureDispute.js'
import { measurePytorch } from './train/measurePytorch.js'
import {
  measureTraining,
  type TrainingMeasurement,
} from './train/measureTraining.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    segment: { type: 'string', default: '64' },
    /** Interpreter that may have PyTorch. */
    python: { type: 'string', default: 'python3' },
    /** Leave out the devnet: nothing on chain is measured. */
    'no-chain': { type: 'boolean' },
  },
})

/** Cost of commitments: with them by without. */
const mostRatio = 1.1

/** From the delivery of a long job to the conviction, the replay of one segment not counted. */
const mostDisputeSeconds = 15

const models: TrainingMeasurement[] = []
for (const name of ['mlp', 'convNet', 'transformer'] as const) {
  console.error(`measure ${name}`)
  models.push(
    await measureTraining(name, Number(values.segment), Number(values.rounds)),
  )
}
console.error('measure PyTorch')
// Neither of the two runs while the other is measured, on one thread each.
const pytorch = measurePytorch(values.python, {
  threads: 1,
  steps: Number(values.segment),
  rounds: Number(values.rounds),
})
const chain = values['no-chain'] === true ? undefined : await measureDispute()

const targets: Target[] = models.map(({ name, ratio }) => ({
  name: `${name}: committed by plain`,
  value: ratio,
  target: mostRatio,
  met: ratio <= mostRatio,
}))
if (chain !== undefined) {
  const beyond = chain.disputeSeconds - chain.segmentSeconds
  targets.push({
    name: `dispute in ${chain.steps} steps, seconds`,
    value: beyond,
    target: mostDisputeSeconds,
    met: beyond <= mostDisputeSeconds,
  })
}

if (values.json)
  console.log(
    JSON.stringify(
      { models, pytorch: pytorch ?? null, chain, targets },
      null,
      2,
    ),
  )
else {
  printTable([
    [
      'model',
      'PyTorch',
      'ms/step',
      'committed',
      'ratio',
      'verify a segment',
      'state',
    ],
    ...models.map(
      ({ name, plain, committed, ratio, verifySegment, stateBytes }) => [
        name,
        pytorch === undefined ? '-' : pytorch[name].toFixed(2),
        plain.toFixed(2),
        committed.toFixed(2),
        ratio.toFixed(3),
        `${verifySegment.toFixed(0)} ms`,
        `${(stateBytes / 2 ** 20).toFixed(1)} MiB`,
      ],
    ),
  ])
  if (chain !== undefined) {
    const { milestoneGas: gas } = chain
    printTable([
      ['milestone', 'lock', 'deliver', 'settle', 'together'],
      ['gas', `${gas.lock}`, `${gas.deliver}`, `${gas.settle}`, `${gas.total}`],
    ])
    printTable([
      [
        'dispute',
        'steps',
        'wrong step',
        'seconds',
        'of these the re-run',
        'of one segment',
        'gas of the proof',
      ],
      [
        '',
        `${chain.steps}`,
        `${chain.step}`,
        `${chain.disputeSeconds}`,
        chain.rerunSeconds.toFixed(1),
        chain.segmentSeconds.toFixed(2),
        `${chain.proofGas}`,
      ],
    ])
  }
}
process.exit()
