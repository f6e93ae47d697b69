import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hex } from '@lynode/sdk'
import { afterAll, expect, test } from 'vitest'
import { BlobStore } from './blobStore.js'
import { BlockHasher } from './blockTree.js'

const program = fileURLToPath(
  new URL('../../dist/blobs/transferRunner.test.fixture.js', import.meta.url),
)
const folder = mkdtempSync(join(tmpdir(), 'lynode-large-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** `LYNODE_BLOB_MIB=2048` is the blob of two gigabytes. */
const megabytes = Number(process.env['LYNODE_BLOB_MIB'] ?? 128)
const most = 96

test.runIf(process.platform === 'linux')(
  `behavior: a blob of ${megabytes} MiB needs less than ${most} MiB of memory at either end`,
  async () => {
    const { root, bytes } = await sparseBlob(join(folder, 'from'), megabytes)
    const server = start('serve', join(folder, 'from'))
    const [{ url }] = (await once(server, 'message')) as [{ url: string }]
    const to = join(folder, 'to')
    const client = start('fetch', to, root, String(bytes), url)
    const [fetched] = (await once(client, 'message')) as [{ grown: number }]
    server.send('measure')
    const [served] = (await once(server, 'message')) as [{ grown: number }]
    const inMegabytes = [served, fetched].map(({ grown }) =>
      Math.round(grown / 2 ** 20),
    )
    // biome-ignore lint/suspicious/noConsole: the figure is what it is run for
    console.log(`${megabytes} MiB: grown by ${inMegabytes.join(' and ')} MiB`)
    expect(Math.max(...inMegabytes)).toBeLessThan(most)
    expect((await stat(new BlobStore(to).pathOf(root))).size).toBe(bytes)
  },
  300_000,
)

/** A file that is mostly holes, and takes no room on the disk. */
async function sparseBlob(
  store: string,
  size: number,
): Promise<{ root: Hex; bytes: number }> {
  const bytes = size * 2 ** 20
  mkdirSync(store)
  const path = join(store, 'sparse')
  const file = await open(path, 'w')
  await file.truncate(bytes)
  await file.write(Buffer.from('not only zeros'), 0, 14, bytes / 2)
  await file.close()
  const hasher = new BlockHasher()
  for await (const part of (await open(path)).createReadStream({
    highWaterMark: 2 ** 20,
  }))
    hasher.update(part as Uint8Array)
  const { root } = hasher.finish()
  const blobs = new BlobStore(store)
  mkdirSync(dirname(blobs.pathOf(root)), { recursive: true })
  renameSync(path, blobs.pathOf(root))
  return { root, bytes }
}

function start(...args: string[]): ChildProcess {
  const child = fork(program, args)
  children.push(child)
  return child
}
