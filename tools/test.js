#!/usr/bin/env node
// Everything that must hold before a change goes in, cheapest check first. The
// first failure ends the run.
import { spawnSync } from 'node:child_process'
import { run } from './run.js'

/** @type {[title: string, program: string, args: string[], env?: NodeJS.ProcessEnv, needs?: string][]} */
const steps = [
  ['Format and lint', 'biome', ['check', '--error-on-warnings']],
  ['Unused code and dependencies', 'knip', []],
  ['Types', 'tsc', ['-b']],
  ['Contracts', 'buildContracts.js', []],
  ['Generated ABIs', 'abis.js', ['--check']],
  ['Parameter page', 'parameters.js', ['--check']],
  ['Solidity format', 'forge.js', ['forge', 'fmt', '--check']],
  [
    'Solidity lint',
    'forge.js',
    ['forge', 'lint', '--deny', 'notes'],
    // It compiles without bytecode, which must not become anybody's artifacts.
    { FOUNDRY_OUT: 'cache/lint/out', FOUNDRY_CACHE_PATH: 'cache/lint' },
  ],
  [
    'Solidity tests and gas snapshots',
    'forge.js',
    ['forge', 'test'],
    { FOUNDRY_FUZZ_RUNS: '1000', FORGE_SNAPSHOT_CHECK: 'true' },
  ],
  ['Unit tests', 'vitest', ['run', '--project', '!e2e*']],
  // A link that leads nowhere fails it.
  ['Documentation', 'vitepress', ['build', 'docs']],
  [
    'Checkers against their twins',
    'node',
    ['conformance/dist/differential.js'],
  ],
  ['End-to-end tests', 'vitest', ['run', '--project', 'e2e']],
  // Only the cases of a Python package are used: nothing of Python runs.
  [
    'Conformance',
    'node',
    ['conformance/dist/conformance.js', '--check'],
    {},
    'python3',
  ],
]

for (const [title, program, args, env, needs] of steps) {
  console.log(`\n== ${title} ==`)
  if (needs !== undefined && !isThere(needs)) {
    console.log(`Skipped: it needs ${needs}, which is not installed.`)
    // CI has everything: what is skipped there would never run.
    if (process.env['CI'] !== 'true') continue
    process.exit(1)
  }
  const start = performance.now()
  try {
    await run(program, args, env)
  } catch (error) {
    console.error(`\n${title}: ${/** @type {Error} */ (error).message}`)
    process.exit(1)
  }
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`)
}
console.log('\nAll checks passed.')

/** @param {string} program */
function isThere(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}
