#!/usr/bin/env node
// Makes the package of TypeChain's ethers bindings (ethers/dist) out of the
// sdk's ABIs, which are those of the contracts' artifacts: `abis.js --check`.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run } from './run.js'

const folder = join(root, 'ethers')
const abis = mkdtempSync(join(tmpdir(), 'lynode-abis-'))
const source = join(folder, 'src')
try {
  const files = readdirSync(join(root, 'sdk/dist/abis')).filter((file) =>
    file.endsWith('Abi.js'),
  )
  for (const file of files) {
    const module = await import(
      pathToFileURL(join(root, 'sdk/dist/abis', file)).href
    )
    const [abi] = Object.values(module)
    // jobMarketAbi becomes JobMarket: the bindings know no "I" either.
    const name = file.replace('Abi.js', '')
    const title = `${name[0]?.toUpperCase()}${name.slice(1)}`
    writeFileSync(
      join(abis, `${title}.json`),
      JSON.stringify(abi.map(withLegalNames)),
    )
  }
  for (const old of [source, join(folder, 'dist')])
    rmSync(old, { recursive: true, force: true })
  mkdirSync(source, { recursive: true })
  await run('typechain', [
    ...['--target', 'ethers-v6', '--node16-modules'],
    ...['--out-dir', source, join(abis, '*.json')],
  ])
  await run('tsc', ['-p', folder])
} finally {
  rmSync(abis, { recursive: true, force: true })
}

/**
 * TypeChain writes the names of parameters into tuples, where `class` is no
 * name. They are no part of a selector; fields of structs keep theirs.
 *
 * @param {{ inputs?: { name?: string }[] }} entry
 */
function withLegalNames(entry) {
  return {
    ...entry,
    ...(entry.inputs && {
      inputs: entry.inputs.map((input) => ({
        ...input,
        ...(input.name === 'class' && { name: 'class_' }),
      })),
    }),
  }
}
