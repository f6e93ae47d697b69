import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { engineTask } from './engineTask.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-engine-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const task = {
  kind: 'witness',
  circuit: join(folder, 'none'),
  input: join(folder, 'none'),
  witness: join(folder, 'witness'),
} as const

test('error: a deadline that has passed', async () => {
  await expect(engineTask(task, { deadlineMs: 1 })).rejects.toMatchObject({
    code: 'LY-ZK-013',
    details: 'it took longer than 1 ms',
  })
})

test('error: aborted by whoever started it', async () => {
  const signal = AbortSignal.abort()
  await expect(engineTask(task, { signal })).rejects.toMatchObject({
    code: 'LY-ZK-013',
    details: 'it was aborted',
  })
})
