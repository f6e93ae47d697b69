import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { stopProcess } from './stopProcess.js'
import { workspaceRoot } from './workspaceRoot.js'

export type StartIndexerOptions = {
  rpcUrl: string
  /** Path of the address book. */
  addressBook: string
  /** Folder for its database and its log. */
  folder: string
  /** 0 takes any free one. */
  port?: number | undefined
  /** PostgreSQL instead of the embedded database. */
  databaseUrl?: string | undefined
  pollMs?: number | undefined
}

/** An indexer in a process of its own. */
export type IndexerProcess = {
  /** Base URL of its API; it answers once it has started. */
  url: string
  pid: number | undefined
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

/**
 * Starts an indexer and does not wait for it: its embedded database alone takes
 * seconds. It runs behind everything else, so that no daemon misses a deadline
 * on its account.
 */
export async function startIndexer(
  options: StartIndexerOptions,
): Promise<IndexerProcess> {
  const { rpcUrl, addressBook, folder, databaseUrl, pollMs = 250 } = options
  const port = options.port || (await freePort())
  mkdirSync(folder, { recursive: true })
  const { DATABASE_URL: _, ...environment } = process.env
  const child = spawn(
    process.execPath,
    [
      join(workspaceRoot, 'indexer/bin/indexer.js'),
      ...['--rpc', rpcUrl, '--address-book', addressBook],
      ...['--port', String(port), '--poll-ms', String(pollMs)],
      ...(databaseUrl === undefined
        ? ['--data', join(folder, 'database')]
        : ['--database-url', databaseUrl]),
    ],
    // Ponder writes its GraphQL schema to where it runs.
    { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const log = createWriteStream(join(folder, 'log.jsonl'), { flags: 'a' })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  child.once('close', () => log.end())
  // A file that cannot be started is in the log of nobody: `close` follows.
  child.once('error', () => undefined)
  if (child.pid !== undefined)
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    stop: () => stopProcess(child),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string')
    throw new Error('no port of this machine is free')
  return address.port
}
