import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { LynodeError } from '@lynode/sdk'
import { workspaceRoot } from './workspaceRoot.js'

export type RunProgramOptions = {
  env?: NodeJS.ProcessEnv | undefined
  /** Called with each line that the program prints. */
  onLine?: ((line: string) => void) | undefined
}

/**
 * Runs a program in the repository until it ends.
 *
 * @throws LynodeError `LY-NET-003` with its last lines unless it exits with 0.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, onLine }: RunProgramOptions = {},
): Promise<void> {
  const child = spawn(program, args, {
    cwd: workspaceRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 30) lines.shift()
      if (line.trim() !== '') onLine?.(line)
    })
  const [code, signal] = await once(child, 'close').catch((cause) => {
    throw new LynodeError('LY-NET-003', {
      details: `${program} did not start`,
      cause,
    })
  })
  if (code !== 0)
    throw new LynodeError('LY-NET-003', {
      details: `${[program, ...args].join(' ')} ended with ${signal ?? `status ${code}`}\n${lines.join('\n')}`,
    })
}
