import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { workspaceRoot } from 'lynode/devnet'

export type StartPonderOptions = {
  /** Folder of the Ponder project, from the root of the workspace. */
  project: string
  /** Schema of its tables; a new one is filled from the first block. */
  schema: string
  folder: string
  rpcUrl: string
  addressBook: string
  /** PostgreSQL instead of the embedded database. */
  databaseUrl?: string | undefined
}

/** A Ponder that has indexed all that is final. */
export type PonderProcess = {
  url: string
  backfill: Backfill
  stop(): Promise<void>
}

export type Backfill = {
  events: number
  /** Wall time, as Ponder tells it: reading and decoding overlap with indexing. */
  seconds: number
  /** Of it, from the start of each batch of events to its commit. */
  batchSeconds: number
}

/** Starts a Ponder project and waits until its backfill is complete. */
export async function startPonder(
  options: StartPonderOptions,
): Promise<PonderProcess> {
  const { project, schema, folder, databaseUrl } = options
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const { DATABASE_URL: _, ...environment } = process.env
  const child = spawn(
    process.execPath,
    [
      join(workspaceRoot, 'node_modules/ponder/dist/esm/bin/ponder.js'),
      ...['--root', join(workspaceRoot, project), '--log-format', 'json'],
      ...['start', '--schema', schema],
      ...['--hostname', '127.0.0.1', '--port', String(port)],
    ],
    {
      // Ponder writes its GraphQL schema to where it runs.
      cwd: folder,
      env: {
        ...environment,
        PONDER_TELEMETRY_DISABLED: '1',
        LYNODE_RPC_URL: options.rpcUrl,
        LYNODE_ADDRESS_BOOK: options.addressBook,
        LYNODE_INDEXER_DATA: join(folder, 'database'),
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const log = createWriteStream(join(folder, `${schema}.jsonl`))
  const lines = createInterface({ input: child.stdout })
  const backfill: Backfill = { events: 0, seconds: 0, batchSeconds: 0 }
  await new Promise<void>((resolve, reject) => {
    let last = ''
    child.once('exit', (code) =>
      reject(new Error(`${project} ended with ${code}: ${last}`)),
    )
    lines.on('line', (line) => {
      log.write(`${line}\n`)
      last = line
      const { msg, duration, event_count } = JSON.parse(line) as {
        msg: string
        duration?: number
        event_count?: number
      }
      if (msg === 'Indexed block range') {
        backfill.events += event_count ?? 0
        backfill.batchSeconds += (duration ?? 0) / 1_000
      }
      if (msg.startsWith('Completed backfill indexing')) {
        backfill.seconds = (duration ?? 0) / 1_000
        resolve()
      }
    })
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url)))
    await new Promise((resolve) => setTimeout(resolve, 200))
  return {
    url,
    backfill,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      log.end()
    },
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
