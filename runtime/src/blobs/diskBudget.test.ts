import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@lynode/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BlobStore } from './blobStore.js'
import { DiskBudget } from './diskBudget.js'

let folder: string
let blobs: BlobStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
  blobs = new BlobStore(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const kilobyte = 1_024
const hour = 3_600_000

/** A blob that was last needed so long ago. */
async function aged(fill: number, hours: number): Promise<Hex> {
  const root = await blobs.put(new Uint8Array(100 * kilobyte).fill(fill))
  const then = new Date(Date.now() - hours * hour)
  utimesSync(blobs.pathOf(root), then, then)
  return root
}

function budget(pinned: Hex[] | Error, kilobytes = 350): DiskBudget {
  return new DiskBudget({
    folders: [folder],
    bytes: kilobytes * kilobyte,
    async pinned() {
      if (pinned instanceof Error) throw pinned
      return new Set(pinned)
    },
  })
}

test('default: the longest unneeded goes first, and never what is pinned', async () => {
  const [pinned, old, older, young] = [
    await aged(1, 100),
    await aged(2, 5),
    await aged(3, 50),
    await aged(4, 0),
  ]
  const kept = budget([pinned])
  expect(await kept.turn()).toBe(1)
  expect([pinned, old, older, young].map((root) => blobs.has(root))).toEqual([
    true,
    true,
    false,
    true,
  ])
  expect(kept.usedBytes).toBe(300 * kilobyte)
  await kept.admit(50 * kilobyte)
  await kept.admit(100 * kilobyte) // the other old one makes room
  expect(blobs.has(old)).toBe(false)
})

test('behavior: what is needed again is young again', async () => {
  const [a, b] = [await aged(1, 9), await aged(2, 8), await aged(3, 0)]
  await blobs.touch(a)
  await budget([], 250).turn()
  expect([a, b].map((root) => blobs.has(root))).toEqual([true, false])
})

test('behavior: many small files count, for each takes an inode', async () => {
  const kept = budget([], 350)
  for (let i = 0; i < 21; i++) await kept.admit(1)
  await expect(budget([], 15).admit(1)).rejects.toMatchObject({
    code: 'LY-BLOB-008',
  })
  for (let i = 0; i < 30; i++) await blobs.put(Uint8Array.of(i))
  await kept.turn()
  expect(kept.usedBytes).toBe(30 * 16 * kilobyte)
})

test('error: where all must stay, an upload is refused and nothing goes', async () => {
  const roots = [await aged(1, 9), await aged(2, 8), await aged(3, 7)]
  const kept = budget(roots, 310)
  await expect(kept.admit(50 * kilobyte)).rejects.toMatchObject({
    code: 'LY-BLOB-008',
  })
  expect(roots.every((root) => blobs.has(root))).toBe(true)
})

test('error: while it is not known what is owed, nothing goes', async () => {
  const roots = [await aged(1, 9), await aged(2, 8), await aged(3, 7)]
  await expect(budget(new Error('no chain'), 100).turn()).rejects.toThrow(
    'no chain',
  )
  expect(roots.every((root) => blobs.has(root))).toBe(true)
})
