import { parseArgs } from 'node:util'
import { measureGrowth } from './market/measureGrowth.js'
import {
  measureThroughput,
  type Throughput,
} from './market/measureThroughput.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    providers: { type: 'string', default: '1,4,16' },
    jobs: { type: 'string', default: '64' },
    open: { type: 'string', default: '1,100,10000' },
  },
})
const numbers = (text: string) => text.split(',').map(Number)

/** Gas that calldata alone can make of a difference: other nonzero bytes. */
const tolerance = 1_000

const throughput: Throughput[] = []
for (const providers of numbers(values.providers)) {
  console.error(`${values.jobs} jobs, ${providers} provider(s)`)
  throughput.push(await measureThroughput(providers, Number(values.jobs)))
}
const growth = await measureGrowth(numbers(values.open), (line) =>
  console.error(line),
)
const totals = growth.map(({ total }) => total)
const grown = Math.max(...totals) - (totals[0] ?? 0)
const targets: Target[] = [
  {
    name: `gas that a job costs more with ${growth.at(-1)?.openJobs} open ones`,
    value: grown,
    target: tolerance,
    met: grown <= tolerance,
  },
]

if (values.json)
  console.log(JSON.stringify({ throughput, growth, targets }, null, 2))
else {
  printTable([
    [
      'providers',
      'jobs',
      'orders/s',
      'post s',
      'lock s',
      'deliver s',
      'settle s',
    ],
    ...throughput.map(({ providers, jobs, ordersPerSecond, seconds }) => [
      String(providers),
      String(jobs),
      ordersPerSecond.toFixed(1),
      ...Object.values(seconds).map((value) => value.toFixed(2)),
    ]),
  ])
  console.log()
  printTable([
    ['open jobs', 'lock', 'deliver', 'settle', 'whole job'],
    ...growth.map(({ openJobs, lock, deliver, settle, total }) =>
      [openJobs, lock, deliver, settle, total].map(String),
    ),
  ])
  console.log(
    `\n${targets[0]?.name}: ${grown} (target ${tolerance}) ${targets[0]?.met ? 'met' : 'NOT met'}`,
  )
}
