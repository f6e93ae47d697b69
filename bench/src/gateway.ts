import { parseArgs } from 'node:util'
import { measureConcurrency } from './gateway/measureConcurrency.js'
import { measureOverhead } from './gateway/measureOverhead.js'
import { openGateway } from './gateway/openGateway.js'
import { printTable } from './printTable.js'
import type { Target } from './target.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    requests: { type: 'string', default: '20' },
    concurrent: { type: 'string', default: '200' },
  },
})
/** Milliseconds that a request may take beyond the run that it buys. */
const overheadMs = 10

const bench = await openGateway((line) => console.error(line))
try {
  console.error(`${values.requests} requests and runs, in turn`)
  const overhead = await measureOverhead(bench, Number(values.requests))
  console.error(`${values.concurrent} requests at once`)
  const load = await measureConcurrency(bench, Number(values.concurrent))
  const targets: Target[] = [
    {
      name: 'median milliseconds of a request beyond its run',
      value: overhead.medianMs,
      target: overheadMs,
      met: overhead.medianMs <= overheadMs,
    },
    {
      name: `of ${load.requests} concurrent requests lost`,
      value: load.lost,
      target: 0,
      met: load.lost === 0,
    },
  ]
  if (values.json)
    console.log(JSON.stringify({ overhead, load, targets }, null, 2))
  else {
    printTable([
      ['', 'median ms', 'worst ms'],
      [
        'beyond the run',
        overhead.medianMs.toFixed(2),
        overhead.worstMs.toFixed(2),
      ],
      [
        'a request',
        overhead.requestMedianMs.toFixed(0),
        overhead.requestWorstMs.toFixed(0),
      ],
      [
        'a direct run',
        overhead.directMedianMs.toFixed(0),
        overhead.directWorstMs.toFixed(0),
      ],
    ])
    console.log(
      `\n${load.answered} of ${load.requests} concurrent requests answered right in ${load.seconds.toFixed(1)} s (${load.perSecond.toFixed(1)} a second)`,
    )
    for (const { name, value, target, met } of targets)
      console.log(
        `${name}: ${value} (target ${target}) ${met ? 'met' : 'NOT met'}`,
      )
  }
} finally {
  await bench.close()
}
