import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const schema = z.object({
  pid: z.int(),
  role: z.enum(['provider', 'verifier']),
  /** Base URL of the data server. */
  endpoint: z.string(),
  /** Base URL of `/health`, `/ready`, `/status` and `/metrics`. */
  monitor: z.string(),
})

/** Where a running daemon can be asked. */
export type RunFile = z.infer<typeof schema>

/** Says in the data folder where the daemon is, for `lynode status` and `lynode node drain`. */
export function writeRunFile(dataDir: string, file: RunFile): void {
  writeFileSync(pathIn(dataDir), `${JSON.stringify(file)}\n`)
}

/**
 * Reads what the last daemon of a data folder wrote. It may have died without
 * removing it: whoever asks must be prepared that nobody answers.
 */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(pathIn(dataDir), 'utf8')))
  } catch {
    // Never started, stopped, or written by another version: nobody to ask.
    return undefined
  }
}

export function removeRunFile(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true })
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'daemon.json')
}
