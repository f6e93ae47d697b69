import { spawnSync } from 'node:child_process'
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../.ci/run', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-ci-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs it on a machine that has nothing but these programs, which only say that they ran. */
function runOn(
  programs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const log = join(folder, 'log')
  writeFileSync(log, '')
  for (const name of ['bash', 'dirname']) {
    const found = (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((path) => join(path, name))
      .find((path) => spawnSync(path, ['--version']).status === 0)
    symlinkSync(found ?? '', join(folder, name))
  }
  for (const [name, body] of Object.entries(programs))
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\n${body || `echo "${name} $*" "CI=$CI" >> ${log}`}\n`,
      { mode: 0o755 },
    )
  const { status, stderr } = spawnSync(join(folder, 'bash'), [script], {
    env: { PATH: folder, ...env },
    encoding: 'utf8',
  })
  return { status, stderr, log: readFileSync(log, 'utf8').trim().split('\n') }
}

const bare = { npm: '', 'apt-get': '', id: 'echo 0' }

test('default: a new machine gets what is missing, and nothing is skipped', () => {
  const { status, log } = runOn(bare)
  expect(status).toBe(0)
  expect(log).toEqual([
    'apt-get update -qq CI=true',
    'apt-get install -y -qq --no-install-recommends chromium zsh fish python3 python3-venv CI=true',
    'npm ci CI=true',
    'npm test CI=true',
  ])
})

test('default: a machine that has all of it installs nothing', () => {
  const all = { chromium: '', zsh: '', fish: '', python3: 'exit 0' }
  expect(runOn({ ...bare, ...all }).log).toEqual([
    'npm ci CI=true',
    'npm test CI=true',
  ])
})

test('behavior: Python without pip for its environments is half a Python', () => {
  const half = { chromium: '', zsh: '', fish: '', python3: 'exit 1' }
  expect(runOn({ ...bare, ...half }).log[1]).toContain(
    '--no-install-recommends python3 python3-venv',
  )
})

test('error: where nothing can be installed it fails, unless told to skip', () => {
  const user = { npm: '', 'apt-get': '', id: 'echo 1000' }
  const refused = runOn(user)
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('Missing: chromium zsh fish python3')
  expect(refused.log).toEqual([''])
})

test('behavior: CI=false skips what is missing, and says so', () => {
  const user = { npm: '', id: 'echo 1000' }
  const skipped = runOn(user, { CI: 'false' })
  expect(skipped.status).toBe(0)
  expect(skipped.stderr).toContain('Missing:')
  expect(skipped.log).toEqual(['npm ci CI=false', 'npm test CI=false'])
})
