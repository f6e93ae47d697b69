#!/usr/bin/env node
// Makes npm's solc look like the native compiler, for which no registry has a
// package. Forge calls it with --version or --standard-json only.
import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'

const version = '0.8.30+commit.73712a01'

if (process.argv.includes('--version')) {
  print(
    `solc, the solidity compiler commandline interface\nVersion: ${version}.Linux.g++\n`,
  )
} else if (process.argv.includes('--standard-json')) {
  const solc = createRequire(import.meta.url)('solc')
  if (!solc.version().startsWith(version))
    throw new Error(`npm's solc is ${solc.version()}, not ${version}`)
  print(solc.compile(readFileSync(0, 'utf8')))
} else {
  process.stderr.write('usage: solc.js --version | --standard-json < input\n')
  process.exitCode = 1
}

/**
 * Writes all of it before returning: process.exit cuts a pipe at 64 KiB.
 *
 * @param {string} text
 */
function print(text) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      // A full pipe: its reader has not caught up.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN')
        throw error
    }
  }
}
