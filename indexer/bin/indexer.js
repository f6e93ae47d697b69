#!/usr/bin/env node
// Starts the indexer: settings from flags, then from the environment. Ponder
// loads its project by itself, so that this file is plain JavaScript.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `Usage: lynode-indexer --rpc URL --address-book FILE [options]

  --rpc URL            JSON-RPC of the chain           (LYNODE_RPC_URL)
  --address-book FILE  what the deployment wrote       (LYNODE_ADDRESS_BOOK)
  --chain-id ID        must be the address book's      (LYNODE_CHAIN_ID)
  --start-block N      first block; the deployment's   (LYNODE_START_BLOCK)
  --poll-ms N          how often it looks; 1000        (LYNODE_POLL_MS)
  --data FOLDER        embedded database               (LYNODE_INDEXER_DATA)
  --database-url URL   PostgreSQL instead of it        (DATABASE_URL)
  --port N             of the API; 42069               (PORT)
  --hostname HOST      to listen on; 127.0.0.1
  --log-level LEVEL    error, warn, info or debug; info
  --serve              API only, of a PostgreSQL that another one fills`

const variables = {
  rpc: 'LYNODE_RPC_URL',
  'address-book': 'LYNODE_ADDRESS_BOOK',
  'chain-id': 'LYNODE_CHAIN_ID',
  'start-block': 'LYNODE_START_BLOCK',
  'poll-ms': 'LYNODE_POLL_MS',
  data: 'LYNODE_INDEXER_DATA',
  'database-url': 'DATABASE_URL',
  port: 'PORT',
}

const root = fileURLToPath(new URL('..', import.meta.url))
const values = readFlags()
for (const [flag, variable] of Object.entries(variables)) {
  const value = values[flag]
  if (value !== undefined) process.env[variable] = value
}
process.env['PONDER_TELEMETRY_DISABLED'] = '1'
process.argv = [
  ...process.argv.slice(0, 2),
  ...['--root', root],
  ...['--log-level', values['log-level'], '--log-format', 'json'],
  ...(values.serve ? ['serve'] : ['start']),
  ...['--schema', schemaName()],
  // What SQL users name, whichever version fills the tables.
  ...(values.serve ? [] : ['--views-schema', 'lynode']),
  ...['--hostname', values.hostname],
]
await import(new URL('bin/ponder.js', import.meta.resolve('ponder')).href)

function readFlags() {
  const text = { type: 'string' }
  try {
    const { values } = parseArgs({
      options: {
        ...Object.fromEntries(
          Object.keys(variables).map((flag) => [flag, text]),
        ),
        hostname: { ...text, default: '127.0.0.1' },
        'log-level': { ...text, default: 'info' },
        serve: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (!values.help) return values
    process.stdout.write(`${usage}\n`)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`LY-IDX-001 ${error.message}\n\n${usage}\n`)
    process.exit(1)
  }
}

/**
 * Each version of the rules, and each deployment, fills tables of its own:
 * Ponder refuses tables that other code has filled.
 */
function schemaName() {
  const hash = createHash('sha256')
  const files = ['src', 'schema'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => !name.startsWith(join('src', 'api')))
      .map((name) => join(root, name)),
  )
  for (const name of [...files.sort(), join(root, 'ponder.schema.ts')])
    hash.update(readFileSync(name))
  const book = process.env['LYNODE_ADDRESS_BOOK']
  try {
    if (book) hash.update(readFileSync(book))
  } catch {
    // The configuration says that it cannot be read.
  }
  hash.update(process.env['LYNODE_START_BLOCK'] ?? '')
  return `lynode_${hash.digest('hex').slice(0, 12)}`
}
