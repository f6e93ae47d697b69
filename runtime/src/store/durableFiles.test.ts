import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { flushFile, writeDurably } from './durableFiles.js'

vi.mock('node:fs', async (original) => {
  const files = await original<typeof import('node:fs')>()
  return { ...files, openSync: vi.fn(files.openSync) }
})

const folder = mkdtempSync(join(tmpdir(), 'lynode-durable-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.mocked(openSync).mockClear())

const flushed = () =>
  vi
    .mocked(openSync)
    .mock.calls.flatMap(([path, flags]) => (flags === 'r' ? [path] : []))

test('default: the file is whole, and its name is flushed', async () => {
  await writeDurably(join(folder, 'a'), 'first')
  await writeDurably(join(folder, 'a'), 'second')
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('second')
  expect(readdirSync(folder)).toEqual(['a'])
  if (process.platform !== 'win32') expect(flushed()).toEqual([folder, folder])
})

test('behavior: so is the name of every new folder', async () => {
  const path = join(folder, 'b', 'c', 'd')
  await writeDurably(path, Uint8Array.of(1, 2))
  expect([...readFileSync(path)]).toEqual([1, 2])
  if (process.platform !== 'win32')
    expect(flushed()).toEqual([
      folder,
      join(folder, 'b'),
      join(folder, 'b', 'c'),
    ])
})

test('behavior: what another process wrote is flushed with its names', async () => {
  const path = join(folder, 'b', 'c', 'd')
  await flushFile(path)
  if (process.platform !== 'win32')
    expect(flushed()).toEqual([join(folder, 'b', 'c'), join(folder, 'b')])
  await expect(flushFile(join(folder, 'nothing'))).rejects.toThrow('ENOENT')
})

test('error: what cannot get its name leaves nothing', async () => {
  mkdirSync(join(folder, 'taken'))
  await expect(writeDurably(join(folder, 'taken'), 'x')).rejects.toThrow()
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'taken'])
})
