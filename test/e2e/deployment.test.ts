import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { foundryBinary } from '@lynode/runtime/foundry'
import { parseAddressBook } from '@lynode/sdk'
import { createPublicClient, getAddress, type Hex, http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const chainId = 84_532
const folder = join(root, '.lynode/deployments', `${chainId}`)
const broadcast = join(root, 'broadcast/Deploy.s.sol', `${chainId}`)
// Anvil's first account, whose key everybody knows.
const sender = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const stop: (() => void)[] = []
let rpcUrl = ''
let proxy: Server
/** How many transactions still pass; what comes after is refused. */
let passing = Number.POSITIVE_INFINITY

/** An entry of `contracts.json`. */
type VerifiedContract = {
  contract: string
  address: string
  transactionHash: Hex
  constructorArguments: string
  /** File with the standard JSON input. */
  input: string
}

type CompilerOutput = {
  contracts: Record<
    string,
    Record<string, { evm: { bytecode: { object: string } } }>
  >
}

beforeAll(async () => {
  clean()
  const anvil = spawn(
    foundryBinary('anvil'),
    ['--port', '0', '--chain-id', `${chainId}`, '--gas-limit', '60000000'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  stop.push(() => anvil.kill())
  rpcUrl = await new Promise<string>((resolve) => {
    let printed = ''
    anvil.stdout.on('data', (chunk) => {
      printed += chunk
      const [, address] = /Listening on (\S+)/.exec(printed) ?? []
      if (address !== undefined) resolve(`http://${address}`)
    })
  })
  proxy = createServer(async (request, response) => {
    const body = await text(request)
    const sends = body.includes('eth_sendRawTransaction')
    if (sends) passing -= 1
    if (sends && passing < 0) {
      const { id } = JSON.parse(body) as { id: unknown }
      response.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: { code: -32_000, message: 'the node takes no more' },
        }),
      )
      return
    }
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    response.setHeader('content-type', 'application/json')
    response.end(await answer.text())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  stop.push(() => proxy.close())
}, 120_000)

afterAll(() => {
  for (const end of stop) end()
  clean()
})

test('error: the local profile is refused on another chain', async () => {
  const { status, output } = await deploy('local')
  expect(status).toBe(1)
  expect(output).toContain('ChainConfig_WrongChain')
  expect(await sent()).toBe(0)
}, 600_000)

test('error: a failure in the middle leaves no address book', async () => {
  passing = 20
  const { status, output } = await deploy('testnet')
  expect(status).toBe(1)
  expect(output).toContain('--resume')
  expect(await sent()).toBe(20)
  expect(existsSync(join(folder, 'addresses.json'))).toBe(false)
}, 600_000)

test('behavior: --resume sends the rest, once, and the check passes', async () => {
  passing = Number.POSITIVE_INFINITY
  const { status, output } = await deploy('testnet', '--resume')
  expect(output).toContain('Deployed and checked')
  expect(status).toBe(0)
  const { transactions } = JSON.parse(
    readFileSync(join(broadcast, 'run-latest.json'), 'utf8'),
  ) as { transactions: unknown[] }
  expect(await sent()).toBe(transactions.length)
}, 600_000)

test('default: the address book and the sources are there', async () => {
  const book = parseAddressBook(
    readFileSync(join(folder, 'addresses.json'), 'utf8'),
  )
  expect(book.chainId).toBe(chainId)
  const client = createPublicClient({ transport: http(rpcUrl) })
  for (const [name, address] of Object.entries(book.contracts))
    expect(await client.getCode({ address }), name).toMatch(/^0x.{10}/)

  const verification = join(folder, 'verification')
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(verification, file), 'utf8'))
  const verified = read('contracts.json') as VerifiedContract[]
  const addresses = verified.map((entry) => getAddress(entry.address))
  for (const [name, address] of Object.entries(book.contracts))
    expect(addresses, name).toContain(getAddress(address))

  // The compiler gives what the chain was sent.
  const receipts = verified.find(
    ({ address }) =>
      getAddress(address) === getAddress(book.contracts.receipts),
  )
  const [path = '', contract = ''] = receipts?.contract.split(':') ?? []
  const { contracts } = JSON.parse(
    solc().compile(JSON.stringify(read(receipts?.input ?? ''))),
  ) as CompilerOutput
  const bytecode = contracts[path]?.[contract]?.evm.bytecode.object
  const { input } = await client.getTransaction({
    hash: receipts?.transactionHash ?? '0x',
  })
  expect(input).toBe(`0x${bytecode}${receipts?.constructorArguments.slice(2)}`)
}, 120_000)

test('error: there is nothing to deploy a second time', async () => {
  const { status, output } = await deploy('testnet')
  expect(status).toBe(1)
  expect(output).toContain('exists')
})

async function deploy(
  chain: string,
  ...flags: string[]
): Promise<{ status: number; output: string }> {
  const { port } = proxy.address() as AddressInfo
  const child = spawn(
    process.execPath,
    [
      join(root, 'script/dist/deploy.js'),
      chain,
      ...['--rpc-url', `http://127.0.0.1:${port}`],
      ...['--sender', sender, '--private-key', key],
      ...['--non-interactive', ...flags],
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [out, error, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { status: status as number, output: out + error }
}

/** Transactions of the deployer that the chain has. */
async function sent(): Promise<number> {
  return createPublicClient({ transport: http(rpcUrl) }).getTransactionCount({
    address: sender,
  })
}

/** The compiler of the registry, without types of its own. */
function solc(): { compile(input: string): string } {
  return createRequire(import.meta.url)('solc')
}

function clean(): void {
  rmSync(folder, { recursive: true, force: true })
  rmSync(broadcast, { recursive: true, force: true })
}
