import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeystore } from '@lynode/runtime'
import { parseAddressBook } from '@lynode/sdk'
import { recoverMessageAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addressBookText } from './addressBook.test.fixture.js'
import { findNetwork } from './networkFile.js'
import { openAccount } from './openAccount.js'

const privateKey = `0x${'11'.repeat(32)}` as const
const { address } = privateKeyToAccount(privateKey)
const other = privateKeyToAccount(`0x${'22'.repeat(32)}`).address
const base = {
  version: 1,
  rpcUrl: 'http://127.0.0.1:8545',
  addressBook: 'addresses.json',
  dataServers: ['http://127.0.0.1:8600'],
}
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lynode-network-'))
  mkdirSync(join(folder, '.lynode'))
  writeFileSync(join(folder, '.lynode', 'addresses.json'), addressBookText)
})
afterEach(() => {
  delete process.env['LYNODE_NETWORK']
  rmSync(folder, { recursive: true, force: true })
})

function write(content: object, name = 'network.json') {
  const file = join(folder, '.lynode', name)
  writeFileSync(file, JSON.stringify({ ...base, ...content }))
  return file
}

test('default: a keystore signs, and is opened when it does', async () => {
  const network = join(folder, '.lynode')
  await createKeystore(join(network, 'key.json'), privateKey, 'password')
  writeFileSync(join(network, 'password'), 'password\n', { mode: 0o600 })
  const key = { keystore: 'key.json', passwordFile: 'password' }
  write({ accounts: [{ name: 'requester', address, ...key }] })
  const inside = join(folder, 'a', 'b')
  mkdirSync(inside, { recursive: true })
  const found = findNetwork(inside)
  expect(found).toMatchObject({ isDevnet: false, folder: network })
  expect(found.addressBook).toEqual(parseAddressBook(addressBookText))
  const [first] = found.accounts
  const account = openAccount(first!)
  expect(account.address).toBe(address)
  rmSync(join(network, 'password')) // reading has not opened it
  const message = 'hello'
  writeFileSync(join(network, 'password'), 'password', { mode: 0o600 })
  const signature = await account.signMessage({ message })
  expect(await recoverMessageAddress({ message, signature })).toBe(address)
}, 60_000)

test('behavior: an account without a key reads, and refuses to sign', async () => {
  write({ accounts: [{ name: 'watcher', address }] })
  const [watcher] = findNetwork(folder).accounts
  const account = openAccount(watcher!)
  expect(account.address).toBe(address)
  await expect(account.signMessage({ message: '' })).rejects.toMatchObject({
    code: 'LY-KEY-001',
  })
})

test('error: the key of another address', async () => {
  const file = join(folder, '.lynode', 'key')
  writeFileSync(file, privateKey, { mode: 0o600 })
  write({ accounts: [{ name: 'me', address: other, keyFile: 'key' }] })
  const [me] = findNetwork(folder).accounts
  await expect(
    openAccount(me!).signTypedData({
      types: { A: [{ name: 'a', type: 'uint256' }] },
      primaryType: 'A',
      message: { a: 1n },
    }),
  ).rejects.toMatchObject({ code: 'LY-KEY-002' })
})

test('behavior: LYNODE_NETWORK comes first and keeps its state here', () => {
  process.env['LYNODE_NETWORK'] = write({ rpcUrl: 'https://one.example' })
  write({ pid: 1, accounts: [] }, 'devnet.json')
  expect(findNetwork(folder)).toMatchObject({
    rpcUrl: 'https://one.example',
    folder: join(process.cwd(), '.lynode'),
  })
})

const wrong: [name: string, content: object, text: string][] = [
  ['a private key', { accounts: [{ name: 'a', address, privateKey }] }, 'priv'],
  [
    'two places of a key',
    { accounts: [{ name: 'a', address, keyFile: 'k', keystore: 's' }] },
    'only one of',
  ],
  ['no data server', { dataServers: [] }, 'dataServers'],
  ['an unknown field', { rpc: 'http://127.0.0.1' }, 'rpc'],
  ['no address book', { addressBook: 'none.json' }, 'none.json'],
  ['no URL', { rpcUrl: 'localhost' }, 'rpcUrl'],
]
for (const [name, content, text] of wrong)
  test(`error: ${name}`, () => {
    write(content)
    expect(() => findNetwork(folder)).toThrow(
      expect.objectContaining({
        code: 'LY-NET-005',
        details: expect.stringContaining(text),
      }),
    )
  })

test('error: no command guesses between two networks', () => {
  write({})
  write({ pid: 1, accounts: [] }, 'devnet.json')
  expect(() => findNetwork(folder)).toThrow(
    expect.objectContaining({ code: 'LY-NET-005' }),
  )
})
