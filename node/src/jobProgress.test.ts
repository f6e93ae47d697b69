import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hex, identityPerm } from '@lynode/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JobProgress } from './jobProgress.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-progress-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const root: Hex = `0x${'1'.repeat(64)}`
const tensor = {
  dtype: 1 as const,
  dims: [2],
  perm: identityPerm(1),
  dataRoot: root,
}
const steps = [
  { carried: [], outputs: [tensor] },
  { carried: [tensor], outputs: [tensor] },
]

test('default: finished segments are there again after a restart', async () => {
  await new JobProgress(folder, root, 1).save(2, steps, 'native')
  expect(await new JobProgress(folder, root, 1).load(2)).toEqual({
    steps,
    mode: 'native',
  })
  // Another attempt, or another segment, begins anew.
  expect(await new JobProgress(folder, root, 2).load(2)).toBeUndefined()
  expect(await new JobProgress(folder, root, 1).load(4)).toBeUndefined()
})

test('behavior: a crash while it was written leaves what was there before', async () => {
  const progress = new JobProgress(folder, root, 0)
  await progress.save(2, steps, 'plain')
  const [name = ''] = readdirSync(join(folder, 'progress'))
  writeFileSync(join(folder, 'progress', `${name}.part`), '{"kind":')
  expect(await new JobProgress(folder, root, 0).load(2)).toEqual({
    steps,
    mode: 'plain',
  })
  await progress.remove()
  expect(existsSync(join(folder, 'progress', name))).toBe(false)
})
