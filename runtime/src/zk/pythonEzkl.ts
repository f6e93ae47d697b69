import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ezklVersion, LynodeError } from '@lynode/sdk'
import { errorText } from '../errors/errorText.js'
import { limitChild, type ProverLimits } from './limitChild.js'

const run = promisify(execFile)

const script = fileURLToPath(
  new URL('../../python/circuit.py', import.meta.url),
)

/** The virtual environment, one for each version of ezkl. */
export function ezklEnvironment(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'lynode', `ezkl-${ezklVersion}`)
}

/** The environment's Python, if it was made. */
export function installedEzkl(): string | undefined {
  const python = join(ezklEnvironment(), 'bin', 'python')
  return existsSync(python) ? python : undefined
}

/**
 * ezkl's Python package, in a virtual environment that is made on first use.
 * Only publication needs it; a prover uses it where it is, because it is faster.
 *
 * @returns The environment's Python.
 * @throws LynodeError `LY-ZK-010` when there is no Python or the package cannot
 * be installed.
 */
export async function installEzkl(
  log: (line: string) => void = () => undefined,
): Promise<string> {
  const there = installedEzkl()
  if (there !== undefined) return there
  const folder = ezklEnvironment()
  const temporary = `${folder}.${process.pid}.part`
  log(`make a Python environment with ezkl ${ezklVersion}`)
  await mkdir(join(folder, '..'), { recursive: true })
  try {
    await run('python3', ['-m', 'venv', '--copies', temporary])
    await run(
      join(temporary, 'bin', 'python'),
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        `ezkl==${ezklVersion}`,
      ],
      { timeout: 600_000 },
    )
    await rename(temporary, folder)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true })
    const made = installedEzkl() // by another process meanwhile
    if (made !== undefined) return made
    throw new LynodeError('LY-ZK-010', {
      details: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
  return join(folder, 'bin', 'python')
}

/** What a command of `python/circuit.py` printed, and what it took. */
export type PythonAnswer = {
  printed: Record<string, unknown>
  peakBytes: number
}

/**
 * Runs a command of `python/circuit.py`, and kills it at its deadline or memory
 * limit.
 *
 * @throws LynodeError `LY-ZK-008` when a witness cannot have these numbers;
 * `LY-ZK-013` when it fails or was killed.
 */
export async function pythonEzkl(
  python: string,
  args: readonly string[],
  limits: ProverLimits = {},
): Promise<PythonAnswer> {
  const child = spawn(python, [script, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: ezklEnvironment() },
  })
  const watched = limitChild(child, limits)
  let stdout: string
  try {
    ;[stdout] = await Promise.all([text(child.stdout), once(child, 'exit')])
  } catch (cause) {
    throw new LynodeError('LY-ZK-013', { details: errorText(cause), cause })
  } finally {
    watched.release()
  }
  const why = watched.why()
  if (why !== undefined) throw new LynodeError('LY-ZK-013', { details: why })
  // ezkl prints reports of its own; ours is the last line.
  const line = stdout.trim().split('\n').at(-1) ?? ''
  let printed: Record<string, unknown>
  try {
    printed = JSON.parse(line)
  } catch (cause) {
    throw new LynodeError('LY-ZK-013', { details: line.slice(0, 500), cause })
  }
  const { error, numbers } = printed
  if (typeof error === 'string')
    throw new LynodeError(numbers === true ? 'LY-ZK-008' : 'LY-ZK-013', {
      details: error.slice(0, 500),
    })
  return { printed, peakBytes: watched.peakBytes() }
}
