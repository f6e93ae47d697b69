#!/usr/bin/env node
// Generates docs/parameters.md and the defaults that simulations play with from
// what the contracts say; with --check only says whether what is committed is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.js'

const source = join(root, 'contracts/governance/ParameterBounds.sol')
const profiles = ['local', 'testnet', 'main']

/**
 * Unit and reason of every parameter; the numbers are the contracts'.
 * @type {Record<string, [unit: Unit, reason: string]>}
 */
const reasons = {
  window: [
    's',
    'W: how long a delivered result can be demanded and disputed. Long enough to re-run a job and prove; every second keeps the provider from its pay.',
  ],
  chunkWindow: [
    's',
    'W2: how long after an answer the next chunk, tensor or witness may be asked for, so that a search goes on as long as it finds something.',
  ],
  proofWindow: [
    's',
    'P: how long after the last answer a proof may come, so that an answer in the last second does not shut the door.',
  ],
  grace: [
    's',
    'g: least time to answer a demand. At least twice the forced inclusion of the chain, so that censorship convicts nobody.',
  ],
  reveal: [
    's',
    'R: how long after its commit a proof may be revealed, so that nobody copies it and nobody sits on it.',
  ],
  perChunk: [
    'ms',
    'Time to answer for each chunk asked for: answers take as long as they have bytes.',
  ],
  openDemands: [
    '',
    'Open demands of one asker on an execution: enough to search, too few to flood.',
  ],
  burnBps: [
    'bps',
    'Part of an unsuccessful demand bond that is burnt, so that asking oneself is never free.',
  ],
  bountyBps: [
    'bps',
    'Part of the self-stake slashed that the prover gets. With the reserve at most 0.4, or insiders would profit from a slash.',
  ],
  reserveBps: [
    'bps',
    'Part of the self-stake slashed kept for the gas of other honest provers of the same fraud.',
  ],
  bond: [
    'LYN',
    'Flat part of the bond of a demand: what a question costs who asks in vain.',
  ],
  commitBond: [
    'LYN',
    'Bond of a committed proof: what blocking finality without a proof costs.',
  ],
  lynPerGas: [
    'wei',
    'LYN wei repaid for a unit of gas, so that honest answers and proofs cost nothing. Follows the gas price and the price of LYN.',
  ],
  feeBps: [
    'bps',
    'Protocol fee of jobs paid in other tokens than LYN, out of the price.',
  ],
  feeBpsLyn: [
    'bps',
    'Protocol fee of jobs paid in LYN; lower, because it needs no auction.',
  ],
  minCollateral: [
    'LYN',
    'Least collateral of a lock: below it the gas of a dispute would be worth more than what can be slashed.',
  ],
  minVerificationFee: [
    'LYN',
    'Least verification fee of an order in LYN, so that audits are paid.',
  ],
  auditRate: [
    'ppm',
    'q: how many executions are sampled. The whole deterrence is q x detection: higher costs verification fees and time.',
  ],
  auditDetection: [
    'ppm',
    'How likely a sampled fraud is found: no more than what simulations and canaries show.',
  ],
  auditSeats: [
    'hundredths',
    'Expected verifiers of a sampled execution, in hundredths: an empty draw is redrawn, a large one divides the pay.',
  ],
  auditCommit: [
    's',
    'Time to re-run a sampled execution and commit to the own trace.',
  ],
  auditReveal: ['s', 'Time to reveal what was committed to.'],
  auditReport: ['s', 'Time to report drawn verifiers that stayed away.'],
  auditPay: [
    'bps',
    'Part of the verification fees due for a seat that is paid; the rest keeps the pool solvent.',
  ],
  auditMinDue: [
    '',
    'Audits that must be due before what was really completed is taken for what will be.',
  ],
  absentSlash: [
    'LYN',
    'What a drawn verifier that stays away loses: more than the pay of a seat, far less than a fault.',
  ],
  faultSlash: [
    'LYN',
    'What a verifier loses for a fault in its trace, a withheld opening, or vouching for a canary.',
  ],
}

/** @type {Record<Unit, string>} */
const units = {
  s: 'seconds',
  ms: 'milliseconds',
  bps: 'hundredths of a percent',
  ppm: 'millionths',
  LYN: 'LYN wei',
  wei: 'LYN wei',
  hundredths: 'hundredths',
  '': 'a count',
}

/** @typedef {'s' | 'ms' | 'bps' | 'ppm' | 'LYN' | 'wei' | 'hundredths' | ''} Unit */
/** @typedef {{ name: string, hurts: number, profiles: bigint[][] }} Row */

const rows = readRows()
for (const { name, text } of [
  { name: 'docs/parameters.md', text: render(rows) },
  {
    name: 'bench/src/economy/defaultParameters.ts',
    text: renderDefaults(rows),
  },
]) {
  const path = join(root, name)
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(
      `${name} is stale. Run \`npm run parameters\` and commit the result.`,
    )
    process.exitCode = 1
  }
}

/**
 * Reads `ParameterBounds.sol`, whose tables have one `Initial(...)` a parameter
 * and profile. What it cannot read is an error, never a gap.
 * @returns {Row[]}
 */
function readRows() {
  const text = readFileSync(source, 'utf8')
  const tables = profiles.map((profile) => {
    const body = functionOf(text, `${profile}()`)
    const entries = [...body.matchAll(/Initial\(([^)]*)\)/g)]
    if (entries.length !== body.split('Initial(').length - 1)
      throw new Error(`cannot read the table of ${profile}`)
    return entries.map(([, list = '']) => {
      const [name = '', ...numbers] = list.split(',').map((one) => one.trim())
      if (!/^"\w+"$/.test(name) || numbers.length !== 4)
        throw new Error(`cannot read Initial(${list})`)
      return { name: name.slice(1, -1), numbers: numbers.map(numberOf) }
    })
  })
  const [first = []] = tables
  return first.map(({ name }, index) => ({
    name,
    hurts: hurtsOf(functionOf(text, 'hurtsOf('), name),
    profiles: tables.map((table) => {
      const entry = table[index]
      if (entry?.name !== name || table.length !== first.length)
        throw new Error(`the profiles disagree about ${name}`)
      return entry.numbers
    }),
  }))
}

/**
 * The body of a function: up to the next one, or the end.
 * @param {string} text
 * @param {string} start
 */
function functionOf(text, start) {
  const [, body] = text.split(`function ${start}`)
  if (body === undefined) throw new Error(`there is no function ${start}`)
  return body.split('function ')[0] ?? ''
}

/**
 * The way of the `return` behind the first condition that names it; the last
 * `return` is for the others.
 * @param {string} body
 * @param {string} name
 */
function hurtsOf(body, name) {
  const at = body.indexOf(`name == "${name}"`)
  const [, way = ''] =
    (at < 0 ? body.slice(body.lastIndexOf('return')) : body.slice(at)).match(
      /return IParameters\.Hurts\.(\w+)/,
    ) ?? []
  const hurts = ['Never', 'Up', 'Down', 'Both'].indexOf(way)
  if (hurts < 0) throw new Error(`cannot read which way ${name} hurts`)
  return hurts
}

/**
 * A number of Solidity: `1_000`, `0.5e18`, `2 days`.
 * @param {string} text
 */
function numberOf(text) {
  const match = /^([\d_]+)(?:\.(\d+))?(?:e(\d+))?(?: (\w+))?$/.exec(text)
  if (match === null) throw new Error(`cannot read the number ${text}`)
  const [, whole = '', fraction = '', power = '0', unit = 'seconds'] = match
  const seconds = { seconds: 1n, minutes: 60n, hours: 3_600n, days: 86_400n }
  const factor = seconds[/** @type {keyof typeof seconds} */ (unit)]
  const digits = Number(power) - fraction.length
  if (factor === undefined || digits < 0)
    throw new Error(`cannot read the number ${text}`)
  return (
    BigInt(whole.replaceAll('_', '') + fraction) *
    10n ** BigInt(digits) *
    factor
  )
}

/** @param {Row[]} rows */
function render(rows) {
  const names = rows.map(({ name }) => name)
  const odd = [
    ...names.filter((name) => !(name in reasons)),
    ...Object.keys(reasons).filter((name) => !names.includes(name)),
  ]
  if (odd.length > 0)
    throw new Error(
      `tools/parameters.js and ParameterBounds.sol disagree about ${odd.join(', ')}`,
    )
  return [
    '# Parameters',
    '',
    'Generated by `npm run parameters` from `contracts/governance/ParameterBounds.sol`; CI fails when it is stale.',
    '',
    'Each parameter stays inside its bounds, which are code, and moves by at most its step, a doubling or a halving at once. A change that hurts stakers is in force only after the thaw of stake and',
    'two days (ten seconds in the local profile), counted from its execution on chain; the column says which way hurts. Anything else is due at once. Due changes become a version with',
    '`lynode gov publish`, open to all; a running job keeps the version that its order names. `docs/governance.md` tells how to propose one.',
    '',
    ...['main', 'testnet', 'local'].flatMap((profile) => [
      `## Profile ${profile}`,
      '',
      '| name | default | minimum | maximum | step | hurts stakers |',
      '|---|---|---|---|---|---|',
      ...rows.map((row) => line(row, profile)),
      '',
    ]),
    '## Reasons',
    '',
    '| name | unit of the contract | why it exists, and what it balances |',
    '|---|---|---|',
    ...rows.map(({ name }) => {
      const [unit, reason] = reasonOf(name)
      return `| \`${name}\` | ${units[unit]} | ${reason} |`
    }),
    '',
  ].join('\n')
}

/**
 * What each profile starts from, in the units of the contract.
 * @param {Row[]} rows
 */
function renderDefaults(rows) {
  return [
    '// Generated by `npm run parameters` from `contracts/governance/ParameterBounds.sol`.',
    '',
    '/** What a deployment of each profile starts from, in the units of docs/parameters.md. */',
    'export const defaultParameters = {',
    ...profiles.flatMap((profile, index) => [
      `  ${profile}: {`,
      ...rows.map(
        ({ name, profiles: values }) =>
          `    ${name}: ${grouped(values[index]?.[1] ?? 0n)}n,`,
      ),
      '  },',
    ]),
    '} as const',
    '',
  ].join('\n')
}

/** @param {bigint} value */
function grouped(value) {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, '_')
}

/**
 * @param {Row} row
 * @param {string} profile
 */
function line({ name, hurts, profiles: values }, profile) {
  const [unit] = reasonOf(name)
  const numbers = values[profiles.indexOf(profile)] ?? []
  const [minimum = 0n, value = 0n, maximum = 0n, step = 0n] = numbers
  const cells = [value, minimum, maximum, step].map((n) => format(n, unit))
  const way = ['never', 'higher', 'lower', 'both ways'][hurts]
  return `| \`${name}\` | ${cells.join(' | ')} | ${way} |`
}

/**
 * @param {string} name
 * @returns {[unit: Unit, reason: string]}
 */
function reasonOf(name) {
  return reasons[name] ?? ['', '']
}

/**
 * @param {bigint} value
 * @param {Unit} unit
 */
function format(value, unit) {
  if (unit === 'LYN') {
    const fraction = `${value % 10n ** 18n}`
      .padStart(18, '0')
      .replace(/0+$/, '')
    return `${value / 10n ** 18n}${fraction && `.${fraction}`} LYN`
  }
  if (unit === 'bps') return `${Number(value) / 100}%`
  if (unit === 'ppm') return `${Number(value) / 1e4}%`
  if (unit === 'hundredths') return `${Number(value) / 100}`
  if (unit === 'ms') return `${value} ms`
  if (unit === 'wei') return `${value} wei`
  if (unit !== 's') return `${value}`
  for (const [name, length] of /** @type {const} */ ([
    ['d', 86_400n],
    ['h', 3_600n],
    ['min', 60n],
  ]))
    if (value !== 0n && value % length === 0n)
      return `${value / length} ${name}`
  return `${value} s`
}
