#!/usr/bin/env node
// Runs forge, anvil or cast and passes its exit status on, which npm's own
// shims of these programs do not: `node tools/forge.js forge test`.
// Without the name of a program it runs forge: `node tools/forge.js test`.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { foundryBinary } from '@lynode/runtime/foundry'

/** @type {import('@lynode/runtime/foundry').FoundryProgram[]} */
const programs = ['anvil', 'cast', 'forge']

const [first, ...rest] = process.argv.slice(2)
const named = programs.find((program) => program === first)
const program = named ?? 'forge'
const args = named ? rest : process.argv.slice(2)

const child = spawn(foundryBinary(program), args, { stdio: 'inherit' })
child.on('error', (error) => {
  process.stderr.write(`${program} did not start: ${error.message}\n`)
  process.exitCode = 1
})
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM']
})
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => child.kill(signal))
