import { parseArgs } from 'node:util'
import { measureData } from './node/measureData.js'
import { measurePath } from './node/measurePath.js'
import { measureRestart } from './node/measureRestart.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '10' },
    /** Leave out the devnet: no restart is measured. */
    'no-chain': { type: 'boolean' },
  },
})
const rounds = Number(values.rounds)

console.error('measure the path of a job')
const path = await measurePath(rounds)
console.error('measure the data server')
const data = await measureData(Math.max(3, rounds))
if (!values['no-chain']) console.error('measure a restart')
const restart = values['no-chain'] ? undefined : await measureRestart(10_000, 5)

const targets: Target[] = [
  atMost('job of 50 ms: provider by plain ONNX Runtime', path.ratio, 1.1),
  {
    name: 'data server by plain fs streaming',
    value: data.ratio,
    target: 0.7,
    met: data.ratio >= 0.7,
  },
  ...(restart === undefined
    ? []
    : [atMost('seconds from restart to ready', restart.seconds, 3)]),
]

if (values.json)
  console.log(JSON.stringify({ path, data, restart, targets }, null, 2))
else {
  printTable([
    ['what', 'plain', 'Lynode', 'ratio'],
    [
      `a job of ${path.inFlight} at once, ms (${path.layers} convolutions, ${path.mode})`,
      path.plainMs.toFixed(1),
      path.providerMs.toFixed(1),
      path.ratio.toFixed(3),
    ],
    [
      '  processor time of it, by plain',
      '',
      '',
      path.cpuRatio?.toFixed(3) ?? '?',
    ],
    [
      '  the same of a job that is alone, ms',
      '',
      path.latencyMs.toFixed(1),
      (path.latencyMs / path.plainMs).toFixed(3),
    ],
    [
      `${data.megabytes} MiB by HTTP, MB/s`,
      data.plain.toFixed(0),
      data.served.toFixed(0),
      data.ratio.toFixed(2),
    ],
    ...(restart === undefined
      ? []
      : [
          [
            `restart with ${restart.pastJobs} past jobs, s`,
            '',
            restart.seconds.toFixed(2),
            '',
          ],
        ]),
  ])
  console.log('\nTargets:')
  for (const { name, value, target, met } of targets)
    console.log(
      `  ${name} ${value.toFixed(3)}, target ${target}: ${met ? 'met' : 'NOT met'}`,
    )
}

function atMost(name: string, value: number, target: number): Target {
  return { name, value, target, met: value <= target }
}
