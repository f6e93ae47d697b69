import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  deliverResult,
  getJob,
  getParameters,
  lockJob,
  makeOrder,
  type Order,
  parametersAbi,
  registerModel,
  settleJob,
  signOrder,
} from '@lynode/sdk'
import { JsonRpcProvider, Wallet } from 'ethers'
import {
  buildStep,
  Devnet,
  drawSeeds,
  enrolProvider,
  workspaceRoot,
} from 'lynode/devnet'
import {
  createTestClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  parseEther,
  stringToHex,
  zeroAddress,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'

const folder = mkdtempSync(join(tmpdir(), 'lynode-governance-'))
const bindings = join(workspaceRoot, '.lynode', `bindings-${process.pid}`)
const devnet = new Devnet({ folder })
const root = `0x${'7'.repeat(64)}` as const
let modelId: Hex
let running: { order: Order; jobId: Hex }

beforeAll(async () => {
  await buildStep().run(() => undefined)
  // A chain without daemons: its clock is this test's.
  for (const step of devnet.steps().slice(0, 3)) await step.run(() => undefined)
  devnet.writeNetworkFile()
  await enrolProvider(devnet.client('provider-owner'), {
    hot: devnet.client('provider'),
    endpoint: '',
    stake: parseEther('100000'),
  })
  const { event } = await registerModel.sync(devnet.client('publisher'), {
    header: {
      manifestRoot: root,
      fileRoot: root,
      fileBytes: 1n,
      values: 2,
      nodes: 1,
      inputs: 1,
      outputs: 1,
      carried: 0,
      activations: 0,
      segment: 1,
      profile: 1,
    },
    classes: 0b10,
  })
  modelId = event.modelId
  running = await locked()
}, 300_000)

afterAll(async () => {
  await devnet.stop()
  rmSync(folder, { recursive: true, force: true })
  rmSync(bindings, { recursive: true, force: true })
})

describe('default: from a proposal to its effect', () => {
  let id = ''

  test('it is proposed, decoded and voted', async () => {
    expect(await run('ls')).toMatchObject({ proposals: [] })
    await run('delegate', '--as', 'deployer')
    await pass(1)
    const { document } = await lynode(
      folder,
      'gov',
      'propose',
      ...['--set', 'window=20', 'feeBpsLyn=50'],
      ...['--description', 'More time to look, less to pay'],
      ...['--as', 'deployer', '--yes'],
    )
    id = document['proposalId'] as string
    const shown = await run('show', id)
    expect(shown).toMatchObject({
      state: 'pending',
      actions: [
        {
          contract: 'parameters',
          functionName: 'schedule',
          args: { name: 'window', value: '20' },
          today: '6',
          proposed: '20',
          delay: 130,
        },
        {
          args: { name: 'feeBpsLyn', value: '50' },
          today: '150',
          proposed: '50',
          delay: 0,
        },
      ],
    })
    await pass(2)
    const voted = await run('vote', id, 'for', '--as', 'deployer')
    expect(voted).toMatchObject({ support: 'for' })
    const again = ['gov', 'vote', id, 'for', '--as', 'deployer']
    expect((await lynodeError(folder, ...again)).code).toBe('LY-GOV-005')
    expect((await lynodeError(folder, 'gov', 'queue', id)).code).toBe(
      'LY-GOV-006',
    )
  })

  test('it is queued and executed by anyone, in time', async () => {
    await pass(60)
    expect(await run('queue', id)).toMatchObject({ state: 'queued' })
    expect((await lynodeError(folder, 'gov', 'execute', id)).code).toBe(
      'LY-GOV-007',
    )
    await pass(5)
    expect(await run('execute', id)).toMatchObject({ state: 'executed' })
    expect(await run('ls')).toMatchObject({
      proposals: [{ proposalId: id, state: 'executed' }],
    })
  })

  test('stakers can leave before what hurts them is in force', async () => {
    expect(await run('publish')).toMatchObject({
      version: 2,
      pending: [{ name: 'window', value: '6', next: '20' }],
    })
    expect((await lynodeError(folder, 'gov', 'publish')).code).toBe(
      'LY-GOV-008',
    )
    await pass(130)
    expect(await run('publish')).toMatchObject({ version: 3, pending: [] })
    const parameters = await getParameters(devnet.client('requester'))
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'window', value: 20n, next: undefined }),
    )
  })

  test('the running job is unaffected, the next one is not', async () => {
    const old = await settled(running, 6, 1)
    expect(old).toMatchObject({ window: 6, fee: 150n })
    const next = await locked()
    expect(next.order.paramsVersion).toBe(3)
    expect(await settled(next, 20, 7)).toMatchObject({ window: 20, fee: 50n })
  })
})

// The page is made from the source; this asks the contract.
test('default: docs/parameters.md says what the chain says', async () => {
  const page = readFileSync(join(workspaceRoot, 'docs/parameters.md'), 'utf8')
  const [, local = ''] = page.split('## Profile local')
  const parameters = await getParameters(devnet.client('requester'))
  for (const { name, minimum, maximum, hurts } of parameters) {
    const row = new RegExp(`^\\| \`${name}\` \\|(.*)\\|$`, 'm').exec(local)
    const cells = (row?.[1] ?? '').split('|').map((cell) => cell.trim())
    const ways = {
      never: 'never',
      up: 'higher',
      down: 'lower',
      both: 'both ways',
    }
    expect(cells[4], name).toBe(ways[hurts])
    const unit = /Audit|audit(Rate|Detection)/.test(name) ? 'ppm' : 'bps'
    expect(weiOf(cells[1] ?? '', unit, name), name).toBe(minimum)
    expect(weiOf(cells[2] ?? '', unit, name), name).toBe(maximum)
  }
})

/** A cell of the page, as the contract has it. */
function weiOf(cell: string, percent: 'ppm' | 'bps', name: string): bigint {
  const [number = '', unit = ''] = cell.split(/ |(?=%)/)
  const factors: Record<string, number> = {
    '': name === 'auditSeats' ? 100 : 1,
    '%': percent === 'ppm' ? 10_000 : 100,
    s: 1,
    min: 60,
    h: 3_600,
    d: 86_400,
    ms: 1,
    wei: 1,
  }
  if (unit === 'LYN') return parseEther(number)
  return BigInt(Math.round(Number(number) * (factors[unit] ?? Number.NaN)))
}

test('behavior: the treasury pays and streams', async () => {
  const to = devnet.accounts.third.address
  const { document } = await lynode(
    folder,
    'gov',
    'propose',
    ...['--pay', `${to}=7LYN`],
    ...['--grant', `${to}=1000LYN/10`],
    ...['--description', 'For the third'],
    ...['--as', 'deployer', '--yes'],
  )
  const before = await run('treasury')
  await carry(document['proposalId'] as string)
  await pass(5 * 86_400)
  const after = await run('treasury')
  const [{ amount: had }] = before['balances'] as [{ amount: string }]
  const [{ amount: has }] = after['balances'] as [{ amount: string }]
  expect(BigInt(had) - BigInt(has)).toBe(parseEther('1007'))
  expect(after['grants']).toContainEqual(
    expect.objectContaining({
      beneficiary: to,
      total: `${parseEther('1000')}`,
      released: '0',
    }),
  )
})

test('behavior: bad input is refused before anything is sent', async () => {
  const codeOf = async (...args: string[]) =>
    (await lynodeError(folder, 'gov', ...args)).code
  expect(await codeOf('show', 'x')).toBe('LY-CLI-001')
  expect(await codeOf('show', '7')).toBe('LY-GOV-004')
  expect(await codeOf('vote', '7', 'perhaps')).toBe('LY-CLI-001')
  const why = ['--description', 'why']
  expect(await codeOf('propose', ...why)).toBe('LY-CLI-001')
  expect(await codeOf('propose', '--set', 'window', ...why)).toBe('LY-CLI-001')
  expect(await codeOf('propose', '--set', 'none=1', ...why)).toBe('LY-GOV-002')
  // Outside the bounds: known before the vote, and not weeks later.
  expect(await codeOf('propose', '--set', 'window=99999999', ...why)).toBe(
    'LY-GOV-002',
  )
  expect(await codeOf('propose', '--set', 'window=0', ...why)).toBe(
    'LY-GOV-002',
  )
  expect(await codeOf('propose', '--pay', '0x12=1LYN', ...why)).toBe(
    'LY-CLI-001',
  )
  expect(await codeOf('propose', '--pay', `${zeroAddress}=1`, ...why)).toBe(
    'LY-AMT-001',
  )
  // The requester has no votes of its own.
  expect(await codeOf('propose', '--set', 'window=7', ...why)).toBe(
    'LY-GOV-009',
  )
  expect(await codeOf('ls', '--nonsense')).toBe('LY-CLI-001')
  expect(await codeOf('delegate', '--as', 'nobody')).toBe('LY-NET-005')
})

// A dashboard of somebody else knows OpenZeppelin's interface and nothing of ours.
test('default: ethers and TypeChain by the plain OpenZeppelin interface', async () => {
  const typechain = createRequire(join(workspaceRoot, 'package.json')).resolve(
    'typechain',
  )
  const made = spawnSync(
    process.execPath,
    [
      join(dirname(typechain), 'cli/cli.js'),
      ...['--target', 'ethers-v6', '--out-dir', bindings],
      'out/IGovernor.sol/IGovernor.json',
    ],
    { cwd: workspaceRoot, encoding: 'utf8' },
  )
  expect(made.stderr).toBe('')
  const { IGovernor__factory } = (await import(join(bindings, 'index.ts'))) as {
    IGovernor__factory: {
      connect(address: string, runner: Wallet): PlainGovernor
    }
  }
  const provider = new JsonRpcProvider(devnet.rpcUrl, undefined, {
    cacheTimeout: -1,
  })
  const { governor: address, parameters } =
    devnet.client('deployer').addressBook.contracts
  const wallet = new Wallet(devnet.accounts.deployer.privateKey, provider)
  const governor = IGovernor__factory.connect(address, wallet)
  const data = encodeFunctionData({
    abi: parametersAbi,
    functionName: 'schedule',
    args: [stringToHex('openDemands', { size: 32 }), 2n],
  })
  const description = 'From a dashboard'
  const content = [[parameters], [0n], [data]] as const
  const hash = keccak256(stringToHex(description))
  await (await governor.propose(...content, description)).wait()
  const id = await governor.hashProposal(...content, hash)
  expect(await governor.state(id)).toBe(0n)
  await pass(3)
  await (await governor.castVote(id, 1)).wait()
  await pass(61)
  expect(await governor.state(id)).toBe(4n)
  await (await governor.queue(...content, hash)).wait()
  await pass(6)
  await (await governor.execute(...content, hash)).wait()
  expect(await governor.state(id)).toBe(7n)
  expect(await run('show', `${id}`)).toMatchObject({
    state: 'executed',
    description,
  })
  provider.destroy()
})

type Sent = { wait(): Promise<unknown> }
type Content = readonly [
  readonly string[],
  readonly bigint[],
  readonly string[],
]
type PlainGovernor = {
  propose(...args: [...Content, string]): Promise<Sent>
  hashProposal(...args: [...Content, string]): Promise<bigint>
  state(id: bigint): Promise<bigint>
  castVote(id: bigint, support: number): Promise<Sent>
  queue(...args: [...Content, string]): Promise<Sent>
  execute(...args: [...Content, string]): Promise<Sent>
}

/** A governance command that succeeds. */
async function run(...args: string[]): Promise<Record<string, unknown>> {
  const reads = ['ls', 'show', 'treasury'].includes(args[0] ?? '')
  const { status, document } = await lynode(
    folder,
    ...['gov', ...args, ...(reads ? [] : ['--yes'])],
  )
  expect(document).not.toHaveProperty('error')
  expect(status).toBe(0)
  return document
}

/** From the proposal to its execution. */
async function carry(id: string): Promise<void> {
  await pass(2)
  await run('vote', id, 'for', '--as', 'deployer')
  await pass(61)
  await run('queue', id)
  await pass(6)
  await run('execute', id)
}

/** Lets time pass on the chain. */
async function pass(seconds: number): Promise<void> {
  const client = createTestClient({
    mode: 'anvil',
    transport: http(devnet.rpcUrl),
  })
  await client.increaseTime({ seconds })
  await client.mine({ blocks: 1 })
}

async function locked(): Promise<{ order: Order; jobId: Hex }> {
  const requester = devnet.client('requester')
  const order = await makeOrder(requester, {
    modelId,
    class: 'float',
    inputRoot: root,
    maxPrice: 10_000n,
    minPrice: 10_000n,
    deliverDuration: 86_400,
  })
  const { jobId, signature } = await signOrder(requester, { order })
  await pass(1)
  await lockJob.sync(devnet.client('provider'), { order, signature })
  return { order, jobId }
}

/** Delivers, and settles when the window is over and not before. */
async function settled(
  { order, jobId }: { order: Order; jobId: Hex },
  window: number,
  early: number,
): Promise<{ window: number; fee: bigint }> {
  const provider = devnet.client('provider')
  await deliverResult.sync(provider, { jobId, resultRoot: root })
  await pass(early)
  await expect(settleJob(provider, { order })).rejects.toMatchObject({
    code: 'LY-MKT-010',
  })
  await drawSeeds(provider, [jobId])
  // A sampled one is final as long after its seed (E1): nobody is there to audit.
  await pass(window)
  const job = await getJob(provider, { jobId })
  const { event } = await settleJob.sync(provider, { order })
  return { window: job.window, fee: (event as { fee: bigint }).fee }
}
