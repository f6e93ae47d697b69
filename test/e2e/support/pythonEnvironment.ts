import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Why tests in Python cannot run here; CI has it, so there they must. */
export function noPython(): string | undefined {
  // Debian has `ensurepip`, without which `venv` fails, in a package of its own.
  const found =
    spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0
  if (found || process.env['CI'] === 'true') return undefined
  return 'python3 with venv is not installed'
}

/**
 * Makes a virtual environment with packages of PyPI.
 *
 * @returns Its interpreter, and the folder that the caller removes.
 */
export async function pythonEnvironment(
  ...packages: string[]
): Promise<{ python: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-python-'))
  await run('python3', ['-m', 'venv', folder])
  const python = join(folder, 'bin', 'python')
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...packages,
  ])
  return { python, folder }
}
