import { existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@lynode/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { BlobStore } from './blobStore.js'
import { downloadBlob, partBytes } from './downloadBlob.js'

let folder: string
let from: BlobStore
let to: BlobStore
let root: Hex
const bytes = Math.round(5.5 * partBytes)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
  from = new BlobStore(join(folder, 'from'))
  to = new BlobStore(join(folder, 'to'))
  const data = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += 997) data[at] = at & 255
  root = await from.put(data)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Serves parts from the store, and remembers who was asked for what. */
function sources(fails: (source: string, asked: number) => boolean) {
  const asked: [source: string, part: number][] = []
  const fetchPart = async (source: string, first: number, count: number) => {
    asked.push([source, (first * 1_024) / partBytes])
    const broken = fails(source, asked.length)
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (broken) throw new Error('broken')
    const start = first * 1_024
    const end = Math.min(bytes, start + count * 1_024)
    return { data: await from.read(root, { start, end }) }
  }
  return { asked, fetchPart }
}

test('default: parts come from all sources, and the whole is right', async () => {
  const { asked, fetchPart } = sources(() => false)
  const options = { root, bytes, blobs: to, fetchPart }
  expect(await downloadBlob({ ...options, sources: ['a', 'b'] })).toEqual({})
  expect(nodeSha256(await to.read(root))).toEqual(
    nodeSha256(await from.read(root)),
  )
  expect(new Set(asked.map(([source]) => source))).toEqual(new Set(['a', 'b']))
  expect(existsSync(join(to.folder, 'partial', root.slice(2)))).toBe(false)
})

test('behavior: what came before a break is not asked for again', async () => {
  const first = sources((_, count) => count > 3)
  const options = { root, bytes, blobs: to }
  const broken = await downloadBlob({
    ...options,
    sources: ['a'],
    fetchPart: first.fetchPart,
  })
  expect(broken.failures?.length).toBeGreaterThan(0)
  const second = sources(() => false)
  await downloadBlob({
    ...options,
    sources: ['a'],
    fetchPart: second.fetchPart,
  })
  expect(second.asked.map(([, part]) => part).sort()).toEqual([3, 4, 5])
  expect(to.has(root)).toBe(true)
})

test('behavior: a source that fails is left alone, the other does its part', async () => {
  const { asked, fetchPart } = sources((source) => source === 'bad')
  const options = { root, bytes, blobs: to, fetchPart }
  expect(await downloadBlob({ ...options, sources: ['bad', 'good'] })).toEqual(
    {},
  )
  expect(
    asked.filter(([source]) => source === 'bad').length,
  ).toBeLessThanOrEqual(3)
})

test('error: parts that were marked and lost are found in the end, and fetched anew', async () => {
  const cut = sources((_, count) => count > 4)
  const options = { root, bytes, blobs: to }
  await downloadBlob({ ...options, sources: ['a'], fetchPart: cut.fetchPart })
  // A machine that lost its power: the marks are there, the bytes are not.
  const file = join(to.folder, 'partial', root.slice(2))
  truncateSync(file, partBytes)
  const handle = await open(file, 'r+')
  await handle.truncate(bytes)
  await handle.close()
  const whole = sources(() => false)
  const again = () =>
    downloadBlob({ ...options, sources: ['a'], fetchPart: whole.fetchPart })
  await expect(again()).rejects.toMatchObject({ code: 'LY-BLOB-003' })
  expect(await again()).toEqual({})
  expect(to.has(root)).toBe(true)
})
