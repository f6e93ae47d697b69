import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { workspaceRoot } from '../workspace.js'

/** Later wheels do not carry the test cases. */
export const standardVersion = '1.22.0'

const run = promisify(execFile)

/**
 * Installs the PyPI package `onnx` into a virtual environment in `cache/`,
 * unless it is there already. Only its data is used: nothing of Python runs.
 *
 * @returns The folder of its test cases.
 * @throws Error when Python 3 with `venv`, or the package, cannot be had.
 */
export async function installStandard(): Promise<string> {
  const folder = join(workspaceRoot, 'cache', `onnx-${standardVersion}`)
  if (!existsSync(folder)) {
    const partial = `${folder}-${process.pid}`
    await rm(partial, { recursive: true, force: true })
    await mkdir(dirname(folder), { recursive: true })
    await run('python3', ['-m', 'venv', partial])
    await run(join(partial, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile'],
      '--disable-pip-version-check',
      `onnx==${standardVersion}`,
    ])
    await rename(partial, folder)
  }
  const { stdout } = await run(join(folder, 'bin', 'python'), [
    '-c',
    'import sysconfig; print(sysconfig.get_path("platlib"))',
  ])
  const data = join(stdout.trim(), 'onnx', 'backend', 'test', 'data')
  if (!existsSync(join(data, 'node')))
    throw new Error(`onnx ${standardVersion} holds no test cases in ${data}`)
  return data
}
