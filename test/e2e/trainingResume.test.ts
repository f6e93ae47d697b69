import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { digits, trainingModels } from '@lynode/script'
import { getProvider, jobMarketAbi, setEndpoint } from '@lynode/sdk'
import {
  buildDataset,
  buildStep,
  Devnet,
  enrolProvider,
  openData,
  parsePlan,
  runTraining,
  type TrainingProgress,
} from 'lynode/devnet'
import { parseEther } from 'viem'
import { getContractEvents } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lynode, lynodeError } from './lynode.js'

const program = fileURLToPath(
  new URL('../../cli/bin/lynode.js', import.meta.url),
)
const folder = mkdtempSync(join(tmpdir(), 'lynode-resume-'))
const net = new Devnet({ folder })
const batch = 16

beforeAll(async () => {
  for (const step of [buildStep(), ...net.steps().slice(0, 5)])
    await step.run(() => undefined)
  await startSecond()
  await net.startClock()
  net.writeNetworkFile()
  writeFileSync(join(folder, 'mlp.onnx'), trainingModels.mlp(batch))
  buildDataset({ arrays: digits(0, 40), out: join(folder, 'digits') })
}, 300_000)

afterAll(async () => {
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

let secondId = 0

/** One more provider. */
async function startSecond(): Promise<void> {
  const owner = net.client('second-owner')
  secondId = await enrolProvider(owner, {
    hot: net.client('second'),
    endpoint: '',
    stake: parseEther('100000'),
  })
  const { endpoint } = await net.startDaemon({
    name: 'second',
    role: 'provider',
    account: 'second',
  })
  await setEndpoint.sync(owner, { providerId: secondId, endpoint })
}

const plan = (out: string, steps: number, more: object) => ({
  graph: 'mlp.onnx',
  out,
  loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
  optimiser: { kind: 'adam' },
  schedule: { rate: 0.002, steps },
  data: { folder: 'digits', batch, seed: 3 },
  order: { maxPrice: '15LYN', deliverSeconds: 60 },
  ...more,
})

/** Locks of the requester's orders since a block. */
async function locks(fromBlock: bigint): Promise<number> {
  const client = net.client('requester')
  const found = await getContractEvents(client, {
    address: client.addressBook.contracts.jobMarket,
    abi: jobMarketAbi,
    eventName: 'JobLocked',
    fromBlock,
    strict: true,
  })
  return found.length
}

async function head(): Promise<bigint> {
  return net
    .client('requester')
    .request({ method: 'eth_blockNumber' })
    .then(BigInt)
}

test('behavior: a provider that is killed in the middle of a training goes on behind its last checkpoint', {
  timeout: 240_000,
}, async () => {
  const from = await head()
  const steps = 128 * 48
  const settings = plan('killed', steps, {
    segment: 128,
    milestone: { segments: 48 },
  })
  const log: TrainingProgress[] = []
  let killed: Promise<void> | undefined
  const outcome = await runTraining({
    client: net.client('requester'),
    data: openData({
      dataServers: endpoints(),
      folder: net.folder,
    }),
    relays: net.daemons.map(({ endpoint }) => endpoint),
    plan: parsePlan(settings, folder),
    log: () => undefined,
    report(progress) {
      log.push(progress)
      if (progress.event === 'locked')
        killed = killInMidRun(progress.providerId ?? 0)
    },
  })
  await killed
  expect(outcome).toMatchObject({ steps, convicted: [] })
  expect(log.filter(({ event }) => event === 'locked')).toHaveLength(1)
  expect(await locks(from)).toBe(1)
  expect(resumedSteps).toBeGreaterThan(0)
  expect(resumedSteps).toBeLessThan(steps)
  for (const providerId of [net.providerId, secondId]) {
    const { stake } = await getProvider(net.client('requester'), { providerId })
    expect(stake).toBe(parseEther('100000'))
  }
})

/** Steps behind which the killed provider went on. */
let resumedSteps = 0

/** Kills a provider as soon as it has finished some segments, and starts it again. */
async function killInMidRun(providerId: number): Promise<void> {
  const [name, account] =
    providerId === net.providerId
      ? (['provider', 'provider'] as const)
      : (['second', 'second'] as const)
  const { endpoint } = await getProvider(net.client('requester'), {
    providerId,
  })
  const daemon = net.daemons.find((one) => one.endpoint === endpoint)
  const progress = join(net.folder, name, 'progress')
  await expect
    .poll(
      () =>
        existsSync(progress) &&
        // Not the one that is still being written.
        readdirSync(progress).some((file) => file.endsWith('.json')),
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true)
  daemon?.process.kill('SIGKILL')
  await once(daemon?.process as ChildProcess, 'exit')
  await net.startDaemon({
    name,
    role: 'provider',
    account,
    port: Number(new URL(endpoint).port),
    onLog: (entry) => {
      if (entry['event'] === 'job.resumed')
        resumedSteps = Number(entry['steps'])
    },
  })
}

test('behavior: a planner that is killed in the middle of a round goes on, and nothing is paid twice', {
  timeout: 400_000,
}, async () => {
  const from = await head()
  const settings = plan('rounds', 64, {
    segment: 16,
    milestone: { segments: 2 },
    rounds: { workers: 2 },
  })
  const file = join(folder, 'rounds.toml')
  writeFileSync(file, toToml(settings))
  await train(file, (event) => event.event === 'accepted' && event.slot !== 2)
  const events = await train(file, () => false)
  const outcome = events.at(-1) as Record<string, unknown>
  expect(outcome).toMatchObject({ event: 'outcome', steps: 64, convicted: [] })
  expect(events.filter(({ event }) => event === 'averaged')).toHaveLength(2)
  // Two workers and an average, in two rounds.
  expect(await locks(from)).toBe(6)
  expect(
    readFileSync(join(folder, 'rounds', 'scalars.jsonl'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(64)

  const { status, document } = await lynode(folder, 'train', 'verify', 'rounds')
  expect(status).toBe(0)
  expect(document).toMatchObject({ milestones: 2, complete: true })

  // What the planner shows must be what was bought.
  const record = readFileSync(join(folder, 'rounds', 'record.json'), 'utf8')
  const shown = (name: string, change: (record: ShownRecord) => void) => {
    const changed = JSON.parse(record) as ShownRecord
    change(changed)
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'record.json'), JSON.stringify(changed))
    return lynodeError(folder, 'train', 'verify', name)
  }
  expect(
    await shown('hidden', (changed) => {
      changed.orders = changed.orders.filter(
        ({ milestone, slot }) => milestone !== 0 || slot !== 1,
      )
    }),
  ).toMatchObject({
    code: 'LY-TRN-006',
    message: expect.stringContaining('hides an order'),
  })
  expect(
    await shown('other-plan', (changed) => {
      changed.plan.steps = 96
    }),
  ).toMatchObject({
    code: 'LY-TRN-006',
    message: expect.stringContaining('not signed'),
  })
  expect(
    await shown('swapped', (changed) => {
      const [a, b] = changed.orders
      if (a !== undefined && b !== undefined)
        [a.order, b.order] = [b.order, a.order]
    }),
  ).toMatchObject({ code: 'LY-TRN-006' })
})

type ShownRecord = {
  plan: { steps: number }
  orders: { milestone: number; slot: number; order: unknown }[]
}

/** Runs `lynode train` until it ends, or until it is killed at an event. */
async function train(
  file: string,
  killAt: (event: TrainingProgress) => boolean,
): Promise<TrainingProgress[]> {
  const child = spawn(process.execPath, [program, 'train', file, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const events: TrainingProgress[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as TrainingProgress
    events.push(event)
    if (killAt(event)) child.kill('SIGKILL')
  })
  // Not at `exit`: its last lines may still be on their way.
  await once(child, 'close')
  return events
}

function endpoints(): string[] {
  return net.daemons
    .filter(({ role }) => role === 'provider')
    .map(({ endpoint }) => endpoint)
}

/** A plan of one level of tables. */
function toToml(settings: Readonly<Record<string, unknown>>): string {
  const lines = (table: object) =>
    Object.entries(table)
      .filter(([, value]) => typeof value !== 'object')
      .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
  return [
    ...lines(settings),
    ...Object.entries(settings).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? [`[${key}]`, ...lines(value)]
        : [],
    ),
  ].join('\n')
}
