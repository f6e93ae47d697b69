import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ProfileName, profiles } from '@lynode/sdk'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import type { ExecutionProvider } from '../runner/executionProvider.js'
import { Runner } from '../runner/runner.js'
import { openDatabase } from '../store/openDatabase.js'
import { ProfileAdmission } from './profileAdmission.js'

const open: Runner[] = []
const folder = await mkdtemp(join(tmpdir(), 'lynode-profiles-'))
const database = openDatabase(join(folder, 'state.sqlite'), 'a test')
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()))
  database.close()
  await rm(folder, { recursive: true, force: true })
})

const own = 'runner/runnerProcess.js'
const sequential = 'conformance/sequentialRunner.test.fixture.js'

function admission(entry: string, executionProvider: ExecutionProvider) {
  const runner = new Runner({
    entry: fileURLToPath(new URL(`../../dist/${entry}`, import.meta.url)),
    executionProvider,
  })
  open.push(runner)
  const logger = pino({ enabled: false })
  return new ProfileAdmission({ runner, database, logger })
}

const model = (profile: number) => ({ header: { profile } as never })

async function takes(of: ProfileAdmission): Promise<ProfileName[]> {
  const taken: ProfileName[] = []
  for (const [name, profile] of Object.entries(profiles))
    await of.require(model(profile)).then(
      () => taken.push(name as ProfileName),
      (error: unknown) => expect(error).toMatchObject({ code: 'LY-MODEL-006' }),
    )
  return taken
}

test('behavior: who passed is remembered, and who did not is refused', async () => {
  const failing = admission(sequential, 'cpu')
  expect(await takes(failing)).toEqual(['f32-plain', 'f32-wgsl'])
  const all = ['f32-plain', 'f32-blocked', 'f32-wgsl']
  expect(await takes(admission(own, 'cpu'))).toEqual(all)
  expect(
    database.prepare('SELECT count(*) AS n FROM self_tests').get(),
  ).toMatchObject({ n: 1 })
  // The same machine: nothing is measured again.
  expect(await takes(admission('nowhere.js', 'cpu'))).toEqual(all)
}, 120_000)

test('behavior: WebGPU takes models of its own profile alone', async () => {
  // Nothing is run to find that out.
  expect(await takes(admission('nowhere.js', 'webgpu'))).toEqual(['f32-wgsl'])
})

test('error: a profile that nobody knows is refused', async () => {
  await expect(admission(own, 'cpu').require(model(99))).rejects.toMatchObject({
    code: 'LY-MODEL-006',
  })
})
