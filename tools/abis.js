#!/usr/bin/env node
// Generates the sdk's ABIs from the contracts' artifacts; with --check only
// says whether the committed ones are stale. wagmi.config.js lists them.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from './run.js'

const committed = join(root, 'sdk/src/abis')
const generated = join(root, 'cache/abis')

await run('buildContracts.js', [])
rmSync(generated, { recursive: true, force: true })
mkdirSync(generated, { recursive: true })
await run('wagmi', ['generate', '--config', 'wagmi.config.js'], {
  env: { ABIS_FOLDER: 'cache/abis' },
  quiet: true,
})

if (process.argv.includes('--check')) {
  const stale = differences()
  if (stale.length > 0) {
    console.error(
      `Stale in sdk/src/abis: ${stale.join(', ')}. Run \`npm run abis\` and commit the result.`,
    )
    process.exitCode = 1
  }
} else {
  rmSync(committed, { recursive: true, force: true })
  await cp(generated, committed, { recursive: true })
}

function differences() {
  const before = contents(committed)
  const after = contents(generated)
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  )
}

/** @param {string} folder */
function contents(folder) {
  mkdirSync(folder, { recursive: true })
  return new Map(
    readdirSync(folder).map((name) => [
      name,
      readFileSync(join(folder, name), 'utf8'),
    ]),
  )
}
