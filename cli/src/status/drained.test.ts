import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { RunFile } from '@lynode/runtime'
import { expect, test } from 'vitest'
import { drained } from './drained.js'

test('behavior: a daemon that is silent before it ends is waited for', async () => {
  const child = spawn(
    process.execPath,
    [
      '--eval',
      "process.on('SIGTERM', () => setTimeout(() => process.exit(), 2_500)); console.log('up'); setInterval(() => undefined, 1_000)",
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(createInterface({ input: child.stdout }), 'line')
  const { pid = 0 } = child
  const owed = { jobId: `0x${'01'.repeat(32)}`, what: 'defend' }
  let asked = 0
  const monitor = createServer((request, response) => {
    asked += 1
    if (asked > 1) request.socket.destroy()
    else response.end(JSON.stringify({ pid, obligations: [owed] }))
  }).listen(0, '127.0.0.1')
  await once(monitor, 'listening')
  const { port } = monitor.address() as AddressInfo
  const file = { pid, monitor: `http://127.0.0.1:${port}` } as RunFile
  expect(await drained(file, () => undefined)).toEqual([owed])
  expect(child.exitCode).toBe(0)
  expect(asked).toBeGreaterThan(2)
  monitor.close()
})
