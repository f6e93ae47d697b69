import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where a data server of its own process keeps what it serves. */
export function dataFolders(folder: string): {
  blobs: string
  documents: string
} {
  return { blobs: join(folder, 'blobs'), documents: join(folder, 'documents') }
}

/** Starts somebody else's data server; `plain` pipes the blob `root` from `fs`. */
export async function startDataProcess(
  folder: string,
  root = '0x',
): Promise<{
  url: string
  plain: string
  pid: number | undefined
  close: () => void
}> {
  const child = fork(
    fileURLToPath(new URL('./dataProcess.js', import.meta.url)),
    [folder, root],
  )
  const [urls] = (await once(child, 'message')) as [
    { url: string; plain: string },
  ]
  return { ...urls, pid: child.pid, close: () => child.kill() }
}
