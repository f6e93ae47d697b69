import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The workspace's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program of this folder or of node_modules/.bin in the root folder,
 * and throws unless it exits with 0.
 *
 * @param {string} program - A program's name, or a script such as `abis.js`.
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv | undefined, quiet?: boolean }} [options] -
 *   `env` is added to this process's environment; a `quiet` program's output
 *   is shown only when it fails.
 */
export async function run(program, args, { env, quiet = false } = {}) {
  const isScript = program.endsWith('.js')
  const child = spawn(
    isScript ? process.execPath : program,
    isScript ? [join(root, 'tools', program), ...args] : args,
    {
      cwd: root,
      stdio: quiet ? ['inherit', 'pipe', 'pipe'] : 'inherit',
      env: {
        ...process.env,
        PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(
          delimiter,
        ),
        ...env,
      },
    },
  )
  const [[code, signal], ...output] = await Promise.all([
    once(child, 'exit'),
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ])
  if (code !== 0)
    throw new Error(
      `${[program, ...args].join(' ')} ended with ${signal ?? `status ${code}`}\n${output.join('')}`,
    )
}
