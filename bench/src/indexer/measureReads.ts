import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'

/** What many requests for one path at once took, in milliseconds. */
export type Reads = {
  name: string
  requests: number
  perSecond: number
  medianMs: number
  p99Ms: number
  worstMs: number
  /** Answers that were not 2xx, and requests without an answer. */
  failed: number
}

/** Connections that ask at the same time. */
const connections = 10

/** Asks for a path from a process of its own, without a pause, for some seconds. */
export async function measureReads(
  name: string,
  url: string,
  seconds: number,
): Promise<Reads> {
  const child = spawn(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('autocannon/autocannon.js'),
      ...['--json', '--no-progress'],
      ...['--connections', String(connections)],
      ...['--duration', String(seconds), url],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const { latency, requests, non2xx, errors, timeouts } = JSON.parse(
    output,
  ) as {
    latency: { p50: number; p99: number; max: number }
    requests: { total: number; average: number }
    non2xx: number
    errors: number
    timeouts: number
  }
  return {
    name,
    requests: requests.total,
    perSecond: requests.average,
    medianMs: latency.p50,
    p99Ms: latency.p99,
    worstMs: latency.max,
    failed: non2xx + errors + timeouts,
  }
}
