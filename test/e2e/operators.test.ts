import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createKeystore } from '@lynode/runtime'
import { getProvider } from '@lynode/sdk'
import { buildStep, Devnet } from 'lynode/devnet'
import { parseEther } from 'viem'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mlpScenario } from '../../sdk/src/vectors/scenarios.js'
import { lynode, lynodeError } from './lynode.js'
import { orderOn } from './support/sellOnce.js'
import { untilStatus } from './support/untilStatus.js'
import { killDaemon, whileClockStands } from './support/whileClockStands.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const net = new Devnet({ folder, minPrice: '1000000' })
let started: ChildProcess | undefined

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps()])
    await step.run(() => undefined)
  net.writeNetworkFile()
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  write('password', 'correct horse')
  await createKeystore(
    join(folder, 'owner.json'),
    net.accounts.third.privateKey,
    'correct horse',
  )
}, 240_000)

afterAll(async () => {
  started?.kill('SIGKILL')
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Finding = { check: string; level: string; code?: string; message: string }

// Seven processes one after the other, two of which measure the machine.
test('default: a machine becomes a provider in four commands, sells, and is drained', {
  timeout: 300_000,
}, async () => {
  const init = await lynode(
    folder,
    ...['init', '--password-file', 'password', '--port', '0'],
    ...['--monitor-port', '0', '--month-cost', '0'],
  )
  expect(init.status).toBe(0)
  const { address, conformance, machine, proposal } = init.document as {
    address: `0x${string}`
    conformance: object
    machine: { flops: number }
    proposal: { minPrice: string }
  }
  expect(conformance).toMatchObject({ passed: true, faults: [] })
  expect(machine.flops).toBeGreaterThan(1e8)
  // Twice 260,000 gas at 10^12 wei of LYN.
  expect(proposal.minPrice).toBe('0.52')
  expect(init.document['next']).toHaveLength(3)

  // Neither gas money nor stake: doctor says so, and that the rest is well.
  const before = await lynode(folder, 'doctor')
  expect(before.status).toBe(1)
  expect(levels(before.document)).toMatchObject({
    node: 'pass',
    runner: 'pass',
    kill: 'pass',
    rpc: 'pass',
    logs: 'pass',
    clock: 'pass',
    contracts: 'pass',
    key: 'pass',
    lock: 'pass',
    gas: 'fail LY-CHK-011',
    stake: 'fail LY-NODE-001',
    database: 'pass',
  })

  const owner = net.client('third')
  const hash = await sendTransaction(owner, {
    to: address,
    value: parseEther('1'),
  })
  await waitForTransactionReceipt(owner, { hash })
  // A stake that the owner does not have is refused before anything is sent.
  const refused = await lynodeError(
    folder,
    ...['node', 'register', '--owner-keystore', 'owner.json'],
    ...['--owner-password-file', 'password', '--stake', '1000000000LYN'],
    ...['--endpoint', 'http://127.0.0.1:9', '--yes'],
  )
  expect(refused.code).toBe('LY-LED-008')
  const registered = await lynode(
    folder,
    ...['node', 'register', '--owner-keystore', 'owner.json'],
    ...['--owner-password-file', 'password', '--stake', '50000LYN'],
    ...['--endpoint', 'http://127.0.0.1:9', '--yes'],
  )
  expect(registered.document).toMatchObject({ hotKey: address })
  const { providerId } = registered.document as { providerId: number }
  const { stake } = await getProvider(owner, { providerId })
  expect(stake).toBe(parseEther('50000'))

  started = spawn(process.execPath, [cli, 'node', 'start', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { monitor } = await readyLine(started)
  await expect
    .poll(async () => (await fetch(`${monitor}/ready`)).status, {
      timeout: 60_000,
    })
    .toBe(200)
  expect(await (await fetch(`${monitor}/health`)).json()).toEqual({
    status: 'up',
  })
  expect(await (await fetch(`${monitor}/metrics`)).text()).toMatch(
    /lynode_wallet_balance_wei\{role="provider"\} \d/,
  )
  // One key, one process.
  const second = await start('node', 'start')
  expect(second).toMatchObject({ status: 75, code: 'LY-KEY-006' })

  const { jobId } = await orderOn(net, mlpScenario())
  await untilStatus(owner, jobId, 'delivered', 60_000)
  const exited = once(started, 'exit')
  // Its window does not pass while two more processes start.
  const drained = await whileClockStands(net, async () => {
    await expect
      .poll(async () => obligations(await lynode(folder, 'status')), {
        timeout: 60_000,
      })
      .toContainEqual({ jobId, what: 'defend', until: expect.any(Number) })
    return lynode(folder, 'node', 'drain')
  })
  expect(drained.status).toBe(0)
  expect(drained.document['left']).toContainEqual(
    expect.objectContaining({ jobId, what: 'defend' }),
  )
  expect(await exited).toEqual([0, null])

  // The database alone still knows.
  const status = await lynode(folder, 'status')
  expect(status.document).toMatchObject({
    account: expect.stringMatching(new RegExp(address, 'i')),
    warnings: expect.arrayContaining(['the daemon does not run']),
    jobs: { delivered: 1 },
  })
})

test('error: a keystore that others can read, or another password', async () => {
  chmodSync(join(folder, 'provider-hot.json'), 0o644)
  expect(await start('node', 'start')).toMatchObject({ code: 'LY-KEY-003' })
  chmodSync(join(folder, 'provider-hot.json'), 0o600)
  writeFileSync(join(folder, 'password'), 'wrong horse')
  expect(await start('node', 'start')).toMatchObject({ code: 'LY-KEY-004' })
  expect(await lynodeError(folder, 'init')).toMatchObject({
    code: 'LY-CLI-002',
  })
})

test('behavior: status goes on while the daemon is killed and the chain is gone', async () => {
  const [provider] = net.daemons
  if (provider === undefined) throw new Error('no provider')
  await killDaemon(provider)
  const config = join('.lynode', 'provider', 'config.toml')
  const killed = await lynode(folder, 'status', '--config', config)
  expect(killed.status).toBe(0)
  expect(killed.document).toMatchObject({
    account: net.accounts.provider.address,
    chain: { id: 31_337 },
    warnings: expect.arrayContaining([
      expect.stringContaining('it was killed, or hangs'),
    ]),
  })
  await net.stop()
  const alone = await lynode(folder, 'status', '--config', config)
  expect(alone.status).toBe(0)
  expect(alone.document).toMatchObject({
    account: net.accounts.provider.address,
    warnings: expect.arrayContaining([
      expect.stringContaining('does not answer'),
    ]),
  })
  const doctor = await lynode(folder, 'doctor', '--config', config)
  expect(doctor.status).toBe(1)
  expect(levels(doctor.document)).toMatchObject({
    runner: 'pass',
    rpc: 'fail LY-CHAIN-003',
    database: 'pass',
  })
})

const cli = fileURLToPath(new URL('../../cli/bin/lynode.js', import.meta.url))

/** Starts a daemon that is expected to end at once. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let code: unknown
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = JSON.parse(line) as { event?: string; code?: string }
    if (entry.event === 'fatal') code = entry.code
  })
  const [status] = (await once(child, 'close')) as [number]
  return { status, code }
}

async function readyLine(child: ChildProcess): Promise<{ monitor: string }> {
  if (child.stdout === null) throw new Error('no output')
  const [line] = (await once(
    createInterface({ input: child.stdout }),
    'line',
  )) as [string]
  return JSON.parse(line) as { monitor: string }
}

function levels(document: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    (document['findings'] as Finding[]).map(({ check, level, code }) => [
      check,
      code === undefined ? level : `${level} ${code}`,
    ]),
  )
}

function obligations({ document }: { document: Record<string, unknown> }) {
  return document['obligations']
}
