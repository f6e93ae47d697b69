import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const workspace = fileURLToPath(new URL('../..', import.meta.url))
let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lynode-forge-'))
})

afterEach(() => {
  rmSync(project, { recursive: true, force: true })
})

test('default: a passing forge run exits with 0', () => {
  expect(forgeTest('true').status).toBe(0)
})

test('error: a failing forge run exits with another status', () => {
  const run = forgeTest('false')
  expect(run.stdout).toContain('[FAIL')
  expect(run.status).not.toBe(0)
})

test('error: Solidity that does not compile exits with another status', () => {
  expect(forgeTest('nonsense').status).not.toBe(0)
})

function forgeTest(condition: string) {
  writeFileSync(
    join(project, 'foundry.toml'),
    '[profile.default]\nsrc = "."\ntest = "."\n',
  )
  writeFileSync(
    join(project, 'Sample.t.sol'),
    `pragma solidity 0.8.30;
contract Sample {
    function test_sample() public pure { assert(${condition}); }
}`,
  )
  return spawnSync(
    process.execPath,
    ['tools/forge.js', 'forge', 'test', '--root', project],
    {
      cwd: workspace,
      encoding: 'utf8',
      env: { ...process.env, FOUNDRY_SOLC: join(workspace, 'tools/solc.js') },
    },
  )
}
