import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { main } from './main.js'
import { addressBookText } from './network/addressBook.test.fixture.js'

let stdout = ''
let stderr = ''

beforeEach(() => {
  stdout = ''
  stderr = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text
    return true
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('default: help ends well', async () => {
  expect(await main(['--help'])).toBe(0)
  expect(stdout).toContain('devnet')
})

test('error: one JSON document on stdout, nothing else', async () => {
  expect(await main(['run', '--json'])).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'LY-CLI-001',
      message: expect.stringContaining('model-id'),
      docs: 'docs/errors/LY-CLI-001.md',
    },
  })
  expect(stderr).toBe('')
})

test('error: text on stderr without --json', async () => {
  const missing = join(mkdtempSync(join(tmpdir(), 'lynode-cli-')), 'x.onnx')
  expect(await main(['model', 'check', missing])).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('LY-CLI-002')
})

test('error: 75 for what may not come again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-cli-'))
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  expect(await main(['jobs', 'ls', '--json'])).toBe(1)
  mkdirSync(join(folder, '.lynode'))
  writeFileSync(join(folder, '.lynode/addresses.json'), addressBookText)
  writeFileSync(
    join(folder, '.lynode/network.json'),
    JSON.stringify({
      version: 1,
      rpcUrl: 'http://127.0.0.1:1',
      addressBook: 'addresses.json',
      dataServers: ['http://127.0.0.1:1'],
      accounts: [{ name: 'requester', address: `0x${'22'.repeat(20)}` }],
    }),
  )
  stdout = ''
  expect(await main(['jobs', 'ls', '--json'])).toBe(75)
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'lynode.error/1',
    error: { code: 'LY-NET-002' },
  })
})
