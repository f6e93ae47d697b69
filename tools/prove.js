#!/usr/bin/env node
// Proves the arithmetic of stake for all inputs: the compiler's SMTChecker with
// Debian's z3. `--json` prints one document.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './run.js'

const require = createRequire(import.meta.url)
const solc = require('solc')
const { smtCallback } = require('solc/smtchecker')

const file = 'test/proofs/StakeProofs.sol'
const contract = 'StakeProofs'

/** A false theorem: it must be refuted, or the others say nothing. */
const falsehood = 'isFalse'

const found = spawnSync('z3', ['--version'], { encoding: 'utf8' })
if (found.status !== 0) {
  console.error('Skipped: it needs z3 (apt install z3), which is not there.')
  // CI has everything: what is skipped there would never run.
  process.exit(process.env['CI'] === 'true' ? 1 : 0)
}

const source = readFileSync(join(root, file), 'utf8')
const theorems = [...source.matchAll(/^ {4}function (\w+)\(/gm)].map(
  ([, name]) => String(name),
)
const results = theorems.map(prove)
const failed = results.filter(
  ({ name, proved }) => proved === (name === falsehood),
)
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ solver: found.stdout.trim(), results }, null, 2))
else
  for (const { name, proved, reason, seconds } of results)
    console.log(
      `${proved ? 'proved' : name === falsehood ? 'refuted, as it must be' : 'NOT PROVED'}  ${name} (${seconds.toFixed(1)} s)${proved || name === falsehood ? '' : `: ${reason}`}`,
    )
process.exitCode = failed.length === 0 ? 0 : 1

/**
 * One theorem at a time: a contract with only that function, so that one hard
 * query cannot hide another.
 *
 * @param {string} name
 */
function prove(name) {
  const start = performance.now()
  let unanswered = 0
  let queries = 0
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: only(name) } },
    settings: {
      outputSelection: { '*': { '*': ['abi'] } },
      modelChecker: {
        contracts: { [file]: [contract] },
        engine: 'bmc',
        solvers: ['smtlib2'],
        targets: ['assert', 'overflow', 'underflow', 'divByZero'],
        showUnproved: true,
        showProvedSafe: true,
        timeout: 0,
      },
    },
  }
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (/** @type {string} */ path) => ({
        contents: readFileSync(join(root, path), 'utf8'),
      }),
      ...smtCallbacks((answer) => {
        queries += 1
        if (!/^(un)?sat/.test(answer)) unanswered += 1
      }),
    }),
  )
  /** @type {{ message: string, severity: string }[]} */
  const messages = output.errors ?? []
  const problem = messages.find(({ severity }) => severity === 'error')
  if (problem !== undefined) throw new Error(problem.message)
  const doubts = messages.filter(
    ({ message }) =>
      /^BMC: (?!.*(check is safe|condition\(s\) proved safe|verification condition is always))/.test(
        message,
      ) && !/Function contract checks|Ignored unsupported/.test(message),
  )
  const proved = queries > 0 && unanswered === 0 && doubts.length === 0
  const seconds = (performance.now() - start) / 1_000
  const reason = proved
    ? undefined
    : (doubts[0]?.message ??
      `${unanswered} of ${queries} queries have no answer`)
  return { name, proved, queries, seconds, reason }
}

/**
 * The callback that answers the compiler's queries by z3, without the wall
 * clock of solc's own: a proof must not depend on how busy a machine is.
 *
 * @param {(answer: string) => void} seen
 */
function smtCallbacks(seen) {
  return {
    smtSolver: smtCallback((/** @type {string} */ query) => {
      const { stdout } = spawnSync('z3', ['-smt2', '-in', 'rlimit=200000000'], {
        input: query,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      })
      seen(stdout)
      return stdout
    }, undefined),
  }
}

/**
 * The source with one theorem only.
 *
 * @param {string} name
 */
function only(name) {
  const [head = '', ...functions] = source.split(/(?=^ {4}\/\/\/ [A-Z])/m)
  const body = functions.find((text) => text.includes(`function ${name}(`))
  if (body === undefined) throw new Error(`${name} is not a theorem`)
  return body.trimEnd().endsWith('}\n}') ? head + body : `${head}${body}}\n`
}
