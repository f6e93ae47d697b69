import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

// A file that was flushed is on the disk; its name is in its folder, which has
// to be flushed too, or a loss of power takes the name back. Only to flush waits
// for the disk: the other calls are done before a thread would have begun them.

const flush = promisify(fsync)

/** Makes a folder and those above it, with their names on the disk. */
export async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  const first = mkdirSync(path, { recursive: true })
  if (first === undefined) return
  const made = [first]
  for (let at = path; at !== first; at = dirname(at)) made.splice(1, 0, at)
  for (const one of made) await flushFolder(dirname(one))
}

/** Renames a file that was flushed; the new name survives a loss of power. */
export async function renameDurably(from: string, to: string): Promise<void> {
  renameSync(from, to)
  await flushFolder(dirname(to))
}

/** Writes a file that is whole or not there, and stays once this has returned. */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  await makeFolder(dirname(path))
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const file = openSync(temporary, 'wx')
    try {
      writeFileSync(file, content)
      await flush(file)
    } finally {
      closeSync(file)
    }
    await renameDurably(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * Flushes a file that another process wrote, its name, and the name of its
 * folder, which may be new.
 */
export async function flushFile(path: string): Promise<void> {
  const file = openSync(path, 'r+') // Windows flushes only what may be written
  try {
    await flush(file)
  } finally {
    closeSync(file)
  }
  await flushFolder(dirname(path))
  await flushFolder(dirname(dirname(path)))
}

async function flushFolder(path: string): Promise<void> {
  // Windows opens no folders; NTFS writes its names by a journal.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    await flush(folder)
  } finally {
    closeSync(folder)
  }
}
