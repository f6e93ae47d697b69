import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { encryptKeystoreJson, Wallet } from 'ethers'
import {
  type Hex,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  verifyMessage,
  verifyTypedData,
} from 'viem'
import {
  generatePrivateKey,
  privateKeyToAccount,
  privateKeyToAddress,
  sign,
} from 'viem/accounts'
import { afterAll, expect, test } from 'vitest'
import { foundryBinary } from '../foundry/foundryBinary.js'
import { lockKey } from './keyLock.js'
import { createKeystore, keystoreAddress, openKeystore } from './keystore.js'
import { loadAccount, lockFileOf } from './loadAccount.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const password = 'correct horse'
const privateKey = generatePrivateKey()
const address = privateKeyToAddress(privateKey)
const keystore = join(folder, 'hot.json')
const run = promisify(execFile)
const codeOf = (code: string) => expect.objectContaining({ code })

test('default: a keystore opens with its password, for its owner alone', async () => {
  expect(await createKeystore(keystore, privateKey, password)).toBe(address)
  expect(statSync(keystore).mode & 0o777).toBe(0o600)
  expect(keystoreAddress(keystore)).toBe(address.toLowerCase())
  expect(await openKeystore(keystore, password)).toBe(privateKey)
  const { crypto } = JSON.parse(readFileSync(keystore, 'utf8'))
  expect(crypto.kdfparams).toMatchObject({ n: 262_144, r: 8, p: 1, dklen: 32 })
  expect(readFileSync(keystore, 'utf8')).not.toContain(privateKey.slice(2))
})

test('behavior: cast reads what was written, and the other way round', async () => {
  const cast = foundryBinary('cast')
  const file = join(folder, 'password')
  writeFileSync(file, password, { mode: 0o600 })
  const { stdout } = await run(cast, [
    ...['wallet', 'address'],
    ...['--keystore', keystore, '--password-file', file],
  ])
  expect(stdout.trim()).toBe(address)
  const made = generatePrivateKey()
  await run(cast, [
    ...['wallet', 'import', 'by-cast', '--keystore-dir', folder],
    ...['--private-key', made, '--unsafe-password', password],
  ])
  const theirs = join(folder, 'by-cast')
  chmodSync(theirs, 0o600)
  expect(await openKeystore(theirs, password)).toBe(made)
})

test('behavior: ethers reads what was written, and the other way round', async () => {
  const text = readFileSync(keystore, 'utf8')
  const wallet = await Wallet.fromEncryptedJson(text, password)
  expect(wallet.address).toBe(address)
  const theirs = join(folder, 'by-ethers')
  const made = Wallet.createRandom()
  const { privateKey } = made
  writeFileSync(
    theirs,
    await encryptKeystoreJson({ address: made.address, privateKey }, password, {
      scrypt: { N: 262_144, r: 8, p: 1 },
    }),
    { mode: 0o600 },
  )
  expect(await openKeystore(theirs, password)).toBe(privateKey)
})

test('error: another password, another format, a file that is there', async () => {
  await expect(openKeystore(keystore, 'wrong')).rejects.toEqual(
    codeOf('LY-KEY-004'),
  )
  await expect(createKeystore(keystore, privateKey, password)).rejects.toEqual(
    codeOf('LY-KEY-008'),
  )
  const bad = join(folder, 'bad.json')
  writeFileSync(bad, '{"version": 3}', { mode: 0o600 })
  await expect(openKeystore(bad, password)).rejects.toEqual(
    codeOf('LY-KEY-002'),
  )
  const hungry = JSON.parse(readFileSync(keystore, 'utf8'))
  hungry.crypto.kdfparams.n = 2 ** 24
  writeFileSync(bad, JSON.stringify(hungry))
  await expect(openKeystore(bad, password)).rejects.toThrow(/1 GiB/)
})

test('default: an account by keystore and password file, or somebody who is asked', async () => {
  const passwordFile = join(folder, 'password')
  expect((await loadAccount({ keystore, passwordFile })).address).toBe(address)
  const asked = { keystore, passwordFile: undefined }
  await expect(loadAccount(asked)).rejects.toEqual(codeOf('LY-KEY-005'))
  const account = await loadAccount(asked, async () => password)
  expect(account.address).toBe(address)
  chmodSync(passwordFile, 0o640)
  await expect(loadAccount({ keystore, passwordFile })).rejects.toEqual(
    codeOf('LY-KEY-003'),
  )
})

test('error: a key that is missing, malformed or open to others', async () => {
  const file = join(folder, 'key')
  const load = (source: Parameters<typeof loadAccount>[0]) =>
    expect(loadAccount(source)).rejects
  await load({ env: 'LYNODE_NO_SUCH_KEY' }).toEqual(codeOf('LY-KEY-001'))
  await load({ file }).toEqual(codeOf('LY-KEY-001'))
  writeFileSync(file, '0x1234', { mode: 0o600 })
  await load({ file }).toEqual(codeOf('LY-KEY-002'))
  writeFileSync(file, `${privateKey}\n`)
  expect((await loadAccount({ file })).address).toBe(address)
  chmodSync(file, 0o604)
  await load({ file }).toEqual(codeOf('LY-KEY-003'))
  chmodSync(keystore, 0o660)
  await expect(openKeystore(keystore, password)).rejects.toEqual(
    codeOf('LY-KEY-003'),
  )
})

test('behavior: one process a key, and a dead process holds nothing', async () => {
  const file = lockFileOf({ file: join(folder, 'locked') }, '')
  const module = fileURLToPath(
    new URL('../../dist/keys/keyLock.js', import.meta.url),
  )
  const other = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { lockKey } from ${JSON.stringify(module)}
       lockKey(${JSON.stringify(file)})
       console.log('held')
       setInterval(() => undefined, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(createInterface({ input: other.stdout }), 'line')
  expect(() => lockKey(file)).toThrow(codeOf('LY-KEY-006'))
  other.kill('SIGKILL')
  await once(other, 'exit')
  const lock = lockKey(file)
  expect(() => lockKey(file)).toThrow(codeOf('LY-KEY-006'))
  lock.release()
  lockKey(file).release()
})

// The part of Web3Signer's `eth1` interface that is used, as its OpenAPI
// document has it: it hashes `data` with keccak256 and signs the hash.
async function startSigner(key: Hex, signWith = key): Promise<Server> {
  const { publicKey } = privateKeyToAccount(key)
  const identifier = `0x${publicKey.slice(4)}`
  const server = createServer(async (request, response) => {
    if (request.url === '/api/v1/eth1/publicKeys')
      return response.end(JSON.stringify([identifier]))
    if (request.url !== `/api/v1/eth1/sign/${identifier}`)
      return response.writeHead(404).end()
    const { data } = (await json(request)) as { data: Hex }
    const hash = keccak256(data)
    return response.end(await sign({ hash, privateKey: signWith, to: 'hex' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function urlOf(server: Server): string {
  const at = server.address()
  return `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}/`
}

test('default: a remote signer signs transactions, messages and typed data', async () => {
  const server = await startSigner(privateKey)
  const source = { web3signer: urlOf(server), address }
  const account = await loadAccount(source)
  const local = privateKeyToAccount(privateKey)
  const transaction = {
    type: 'eip1559',
    chainId: 31_337,
    nonce: 7,
    to: address,
    data: '0x1234',
    gas: 50_000n,
    maxFeePerGas: 3n,
    maxPriorityFeePerGas: 2n,
  } as const
  const raw = (await account.signTransaction(transaction)) as `0x02${string}`
  expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(
    address,
  )
  expect(parseTransaction(raw)).toMatchObject({ nonce: 7, data: '0x1234' })
  expect(raw).toBe(await local.signTransaction(transaction))
  const message = 'größe'
  const signature = await account.signMessage({ message })
  expect(await verifyMessage({ address, message, signature })).toBe(true)
  const typed = {
    domain: { name: 'Lynode', chainId: 31_337, verifyingContract: address },
    types: { Offer: [{ name: 'price', type: 'uint256' }] },
    primaryType: 'Offer',
    message: { price: 5n },
  } as const
  expect(
    await verifyTypedData({
      address,
      ...typed,
      signature: await account.signTypedData(typed),
    }),
  ).toBe(true)
  server.close()
})

test('error: a signer that is gone, has another key, or signs with one', async () => {
  const server = await startSigner(privateKey, generatePrivateKey())
  const source = { web3signer: urlOf(server), address }
  const account = await loadAccount(source)
  await expect(account.signMessage({ message: 'a' })).rejects.toEqual(
    codeOf('LY-KEY-007'),
  )
  await expect(
    loadAccount({ ...source, address: `0x${'11'.repeat(20)}` }),
  ).rejects.toEqual(codeOf('LY-KEY-007'))
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  await expect(account.signMessage({ message: 'a' })).rejects.toEqual(
    codeOf('LY-KEY-007'),
  )
})
