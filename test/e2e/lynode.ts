import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'lynode'

const program = fileURLToPath(
  new URL('../../cli/bin/lynode.js', import.meta.url),
)

/** Runs a `lynode` command with `--json` in a folder; its document has to keep its schema. */
export async function lynode(
  folder: string,
  ...args: string[]
): Promise<{ status: number; document: Record<string, unknown> }> {
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [document, [status]] = await Promise.all([
    json(child.stdout) as Promise<Record<string, unknown>>,
    once(child, 'exit'),
  ])
  parseDocument(document)
  return { status, document }
}

/** The code of the error that a command ended with. */
export async function lynodeError(
  folder: string,
  ...args: string[]
): Promise<{ code: string; message: string; remedy: string }> {
  const { status, document } = await lynode(folder, ...args)
  if (status === 0) throw new Error(`${args.join(' ')} succeeded`)
  return document['error'] as { code: string; message: string; remedy: string }
}
