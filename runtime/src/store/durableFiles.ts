import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

// A file that was flushed is on the disk; its name is in its folder, which has
// to be flushed too, or a loss of power takes the name back.

/** Makes a folder and those above it, with their names on the disk. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  const made = [first]
  for (let at = path; at !== first; at = dirname(at)) made.splice(1, 0, at)
  for (const one of made) await flushFolder(dirname(one))
}

/** Renames a file that was flushed; the new name survives a loss of power. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
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
    await writeFile(temporary, content, { flush: true })
    await renameDurably(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function flushFolder(path: string): Promise<void> {
  // Windows opens no folders; NTFS writes its names by a journal.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
