import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The workspace's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program of this folder or of node_modules/.bin in the root folder,
 * with this process's own input and output, and throws unless it exits with 0.
 *
 * @param {string} program - A program's name, or a script such as `abis.js`.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] - Added to this process's environment.
 */
export async function run(program, args, env) {
  const isScript = program.endsWith('.js')
  const child = spawn(
    isScript ? process.execPath : program,
    isScript ? [join(root, 'tools', program), ...args] : args,
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(
          delimiter,
        ),
        ...env,
      },
    },
  )
  const [code, signal] = await once(child, 'exit')
  if (code !== 0)
    throw new Error(
      `${[program, ...args].join(' ')} ended with ${signal ?? `status ${code}`}`,
    )
}
