// A daemon that dies at named points, as if somebody pulled the plug: its real
// program, with the storage and the network of Node.js wrapped from outside. A
// point is `what it does, before|after`; each one kills once.
import { strict as assert } from 'node:assert'
import childProcess from 'node:child_process'
import syncFiles, { appendFileSync, readFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The child of a daemon, which runs models; a daemon itself has no channel. */
const inRunner = process.send !== undefined
const control = inRunner
  ? process.argv.at(-1)
  : process.env['LYNODE_KILL_CONTROL']
assert(control, 'LYNODE_KILL_CONTROL names the file that says where to die')
/** @type {{ role: string, armed: boolean, only: string, killed: string[] }} */
const { role, armed, only, killed } = JSON.parse(readFileSync(control, 'utf8'))
const wanted = new RegExp(only)
const done = new Set(killed)
const seen = new Set()
/** Tables whose rows decide what a daemon does after a restart. */
const tables = [
  'outbox',
  'jobs',
  'fingerprints',
  'demands',
  'checks',
  'traces',
  'chunks',
  'proofs',
  'own_demands',
]

/** No later round may come to it: audits are drawn, a document is written once. */
const once = /Audit|documents/

/** @param {string} name */
function point(name) {
  if (seen.has(name)) return
  seen.add(name)
  const full = `${role}: ${name}`
  appendFileSync(`${control}.seen`, `${full}\n`)
  if (done.has(full) || !wanted.test(full)) return
  if (!armed && !once.test(full)) return
  appendFileSync(`${control}.killed`, `${full}\n`)
  // The runner's writes are the daemon's: both are gone.
  if (inRunner) process.kill(process.ppid, 'SIGKILL')
  process.kill(process.pid, 'SIGKILL')
}

/**
 * @template {unknown[]} A
 * @template R
 * @param {(...args: A) => R} original
 * @param {(...args: A) => string | undefined} nameOf
 * @returns {(this: unknown, ...args: A) => R}
 */
function wrapped(original, nameOf) {
  return function (...args) {
    const name = nameOf(...args)
    if (name === undefined) return original.apply(this, args)
    point(`${name}, before`)
    const result = original.apply(this, args)
    if (!(result instanceof Promise)) {
      point(`${name}, after`)
      return result
    }
    return /** @type {R} */ (
      result.then((value) => {
        point(`${name}, after`)
        return value
      })
    )
  }
}

/** Folders of a data directory, by what is written there. */
const folders = ['blobs', 'documents', 'traces', 'progress', 'checks']

/** @param {unknown} path */
function folderOf(path) {
  if (typeof path !== 'string') return undefined
  return folders.find((folder) => path.includes(`/${folder}/`))
}

/** @param {string} verb @param {unknown} path */
function fileName(verb, path) {
  const folder = folderOf(path)
  return folder && `${verb} ${folder}`
}

Object.assign(files, {
  rename: wrapped(files.rename, (_, to) => fileName('name', to)),
  writeFile: wrapped(files.writeFile, (path) => fileName('write', path)),
  open: wrapped(files.open, (path, flags) =>
    flags === 'wx' || flags === 'w' ? fileName('create', path) : undefined,
  ),
})
Object.assign(syncFiles, {
  renameSync: wrapped(syncFiles.renameSync, (_, to) => fileName('name', to)),
  writeFileSync: wrapped(syncFiles.writeFileSync, (path) =>
    fileName('write', path),
  ),
  openSync: wrapped(syncFiles.openSync, (path, flags) =>
    flags === 'wx' ? fileName('create', path) : undefined,
  ),
})

if (inRunner) {
  syncBuiltinESMExports()
  const { serveRunner } = await import('@lynode/runtime/runner')
  serveRunner()
} else {
  const { fork } = childProcess
  Object.assign(childProcess, {
    /** @param {string} entry @param {string[]} args @param {object} options */
    fork: (entry, args, options) =>
      entry.endsWith('runnerProcess.js')
        ? fork(fileURLToPath(import.meta.url), [...args, control], options)
        : fork(entry, args, options),
  })
  syncBuiltinESMExports()
  await wrapDaemon()
  const packages = { provider: '@lynode/node', verifier: '@lynode/verifier' }
  const main = import.meta.resolve(
    packages[role === 'provider' ? 'provider' : 'verifier'],
  )
  await import(new URL('./main.js', main).href)
}

/** The database, and what is sent to the chain. */
async function wrapDaemon() {
  const { openDatabase } = await import('@lynode/runtime')
  const database = openDatabase(':memory:', 'kill')
  const prototype = Object.getPrototypeOf(database)
  database.close()
  /** Kinds of transactions, by their signed bytes. @type {Map<string, string>} */
  const kinds = new Map()
  const { prepare } = prototype
  /** @param {string} sql */
  prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    if (/^\s*SELECT \* FROM outbox/.test(sql))
      for (const read of ['get', 'all']) {
        const original = statement[read].bind(statement)
        statement[read] = (/** @type {unknown[]} */ ...values) => {
          const rows = original(...values)
          // What an earlier process signed is sent again by this one.
          for (const row of [rows].flat())
            if (row !== undefined) kinds.set(row.raw, row.kind)
          return rows
        }
      }
    const [, table] =
      /^\s*(?:INSERT[\sA-Z]*INTO|UPDATE|DELETE FROM) (\w+)/.exec(sql) ?? []
    if (table === undefined || !tables.includes(table)) return statement
    const run = statement.run.bind(statement)
    statement.run = wrapped(run, (/** @type {unknown[]} */ ...values) => {
      if (table !== 'outbox') return `store ${table}${stateIn(values)}`
      const [, , kind, , , , , , , state, hashes, raw, , block] = values
      kinds.set(String(raw), String(kind))
      const again = JSON.parse(String(hashes)).length > 1 ? ' again' : ''
      const final = state !== 'live' && block === null ? ' for good' : ''
      return `outbox ${kind} ${state}${again}${final}`
    })
    return statement
  }
  const { fetch } = globalThis
  globalThis.fetch = wrapped(fetch, (_, init) => {
    const body = typeof init?.body === 'string' ? init.body : ''
    if (!body.includes('eth_sendRawTransaction')) return undefined
    const [raw] = JSON.parse(body).params
    return `send ${kinds.get(raw) ?? 'a resumed transaction'}`
  })
}

/** What a statement sets, where it is the name of a state. @param {unknown[]} values */
function stateIn(values) {
  const states = ['locked', 'delivered', 'done', 'answered', 'closed']
  const state = values.find((value) => states.includes(String(value)))
  return state === undefined ? '' : ` ${state}`
}
