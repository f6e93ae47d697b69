import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  auditManagerAbi,
  executionId,
  getBalance,
  getJob,
  getProvider,
  type Hex,
  type JobStatus,
  setEndpoint,
} from '@lynode/sdk'
import { getAudit, getAuditClock, getEpoch } from '@lynode/sdk/audits'
import { Devnet, enrolProvider, type Oracle } from 'lynode/devnet'
import { parseEther } from 'viem'
import { getBlockNumber, getContractEvents, readContract } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Cheat,
  carriedScenario,
  mlpScenario,
} from '../../sdk/src/vectors/scenarios.js'
import { HostileProvider } from './support/hostileProvider.js'
import { sampleAll } from './support/sampleAll.js'
import { orderOn } from './support/sellOnce.js'
import { startWithOracle } from './support/startWithOracle.js'
import { untilStatus } from './support/untilStatus.js'
import { killDaemon, whileClockStands } from './support/whileClockStands.js'

// RULES E with real processes. The verifier checks nothing but what the draw
// gives it, so that whatever it does here is an audit.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const verifierSettings = { checkShare: 0, questionShare: 1 }
const net = new Devnet({ folder, oracle: false, verifierSettings })
const leastSeats = new Map<number, number>()
let oracle: Oracle

beforeAll(async () => {
  oracle = await startWithOracle(net, () => sampleAll(net, leastSeats))
}, 300_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('default: whoever audits honest work is paid although nothing is wrong', async () => {
  const honest = mlpScenario()
  const before = await earned()
  const { jobId } = await orderOn(net, honest)
  await until(jobId, 'delivered')
  const execId = await execIdOf(jobId)
  // E2: no byte of the audited step before the reveal, nor after it: nobody demanded any.
  const [provider] = net.daemons
  const { traceRoot } = honest.roots(0)
  const asked = await fetch(`${provider?.endpoint}/v1/bundles/${traceRoot}`)
  expect(asked.status).toBe(404)

  const revealed = await logged('audit.revealed', execId)
  expect(revealed).toMatchObject({ finding: 'agrees', seats: 3 })
  const paid = BigInt(String(revealed['paidWei']))
  expect(paid).toBeGreaterThan(0n)
  expect((await earned()) - before).toBe(paid)
  expect(await getAudit(requester(), { execId })).toMatchObject({
    agreeing: 3,
    differing: 0,
    round: 0,
  })
  await until(jobId, 'settled')
  // What the reveal reserved is free again.
  await expect
    .poll(
      async () =>
        (await getProvider(requester(), { providerId: net.verifierId }))
          .reserved,
      { timeout: 30_000 },
    )
    .toBe(0n)
})

test('behavior: without an oracle a block is the seed, and a late word changes nothing', async () => {
  await oracle.stop()
  const { jobId } = await orderOn(net, mlpScenario())
  await until(jobId, 'delivered')
  const { time } = await getJob(requester(), { jobId })
  const clock = await getAuditClock(requester())
  const epoch = Math.floor(time / clock.epoch)
  await until(jobId, 'settled')
  const drawn = await seedsOf(epoch)
  expect(drawn).toMatchObject([{ args: { fallback_: true } }])
  const { seed } = await getEpoch(requester(), { epoch })

  // It answers everything that was asked meanwhile.
  oracle = sampleAll(net, leastSeats)
  await expect
    .poll(
      () =>
        getContractEvents(requester(), {
          address: requester().addressBook.contracts.auditManager,
          abi: auditManagerAbi,
          eventName: 'SeedIgnored',
          args: { epoch },
          fromBlock: 0n,
        }),
      { timeout: 60_000 },
    )
    .toHaveLength(1)
  expect((await getEpoch(requester(), { epoch })).seed).toBe(seed)
  expect(await seedsOf(epoch)).toHaveLength(1)
})

test('behavior: a verifier that is killed between commit and reveal reveals after its restart', async () => {
  const { jobId } = await orderOn(net, mlpScenario())
  await until(jobId, 'delivered')
  const execId = await execIdOf(jobId)
  await expect.poll(() => attestation(execId), { timeout: 30_000 }).toBe(1) // committed
  const restarted = await whileClockStands(net, async () => {
    const daemon = net.daemons.find(({ role }) => role === 'verifier')
    if (daemon === undefined) throw new Error('no verifier')
    await killDaemon(daemon)
    expect(await attestation(execId)).toBe(1)
    return net.startDaemon({
      name: 'verifier',
      role: 'verifier',
      account: 'verifier',
      settings: verifierSettings,
    })
  })
  await expect.poll(() => attestation(execId), { timeout: 30_000 }).toBe(2) // revealed
  expect(await getAudit(requester(), { execId })).toMatchObject({ agreeing: 3 })
  await setEndpoint.sync(net.client('verifier-owner'), {
    providerId: net.verifierId,
    endpoint: restarted.endpoint,
  })
  await until(jobId, 'settled')
})

test('behavior: a verifier that sleeps is reported and slashed', async () => {
  const stake = parseEther('100000')
  const sleeper = await enrolProvider(net.client('third-owner'), {
    hot: net.client('third'),
    endpoint: '',
    stake,
    role: 'verifier',
  })
  const { jobId } = await orderOn(net, mlpScenario())
  await until(jobId, 'delivered')
  const execId = await execIdOf(jobId)
  expect(await logged('audit.absent', execId)).toMatchObject({
    verifierId: sleeper,
  })
  const [absence] = await getContractEvents(requester(), {
    ...audits(),
    eventName: 'AbsentReported',
    args: { execId },
    fromBlock: 0n,
    strict: true,
  })
  expect(absence?.args).toMatchObject({
    verifierId: sleeper,
    reporter: net.accounts.verifier.address,
    slashed: parseEther('10'),
  })
  const { stake: left } = await getProvider(requester(), {
    providerId: sleeper,
  })
  expect(left).toBe(stake - parseEther('10'))
  expect(await attestation(execId)).toBe(2)
})

test('error: a wrong result is found by its audit, demanded by the pool and convicted', async () => {
  const provider = await HostileProvider.enrol(net, {
    serves: 'everything',
    answers: 'what it committed to',
  })
  const wrong = mlpScenario(alter('h', 307, 1))
  await retireHonest()
  const { order, jobId, signature } = await orderOn(net, wrong)
  const status = await provider.sell(wrong, order, signature, jobId)
  expect(status).toBe('convicted')
  const execId = await execIdOf(jobId)
  expect(await logged('audit.revealed', execId)).toMatchObject({
    finding: 'differs',
  })
  const [demanded] = await getContractEvents(requester(), {
    ...audits(),
    eventName: 'MismatchDemanded',
    args: { execId },
    fromBlock: 0n,
    strict: true,
  })
  expect(demanded?.args).toMatchObject({ step: 0 })
  expect(await logged('job.verdict', execId)).toMatchObject({
    verdict: 'fraud',
    operator: 'Gemm',
    element: 307,
  })
})

test('error: an execution whose inputs nobody serves is voided', async () => {
  leastSeats.set(net.verifierId, 2) // half of the three that are expected
  const provider = await HostileProvider.enrol(net, {
    serves: 'nothing',
    answers: 'nothing',
  })
  const hidden = carriedScenario()
  const { order, jobId, signature } = await orderOn(net, hidden, {}, () => true)
  expect(await provider.sell(hidden, order, signature, jobId)).toBe('reopened')
  const [voided] = await getContractEvents(requester(), {
    ...audits(),
    eventName: 'AuditVoided',
    fromBlock: 0n,
    strict: true,
  })
  expect(
    await logged('audit.withheld', voided?.args.execId ?? '0x'),
  ).toMatchObject({
    jobId,
  })

  // Whoever reads the chain later than that goes on behind it.
  const verdicts: Record<string, unknown>[] = []
  const late = await net.startDaemon({
    name: 'late',
    role: 'verifier',
    account: 'third',
    onLog: (entry) => {
      if (entry['event'] === 'job.verdict') verdicts.push(entry)
    },
  })
  const head = Number(await getBlockNumber(requester()))
  await expect
    .poll(
      async () => {
        const response = await fetch(`${late.endpoint}/health`)
        return ((await response.json()) as { block: number | null }).block
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(head)
  await expect
    .poll(() => verdicts.find(({ execId }) => execId === voided?.args.execId), {
      timeout: 60_000,
    })
    .toMatchObject({ verdict: 'closed' })
})

function requester() {
  return net.client('requester')
}

function audits() {
  const { auditManager } = requester().addressBook.contracts
  return { address: auditManager, abi: auditManagerAbi } as const
}

/** Free LYN of the verifier's owner. */
async function earned(): Promise<bigint> {
  const client = requester()
  const { free } = await getBalance(client, {
    token: client.addressBook.contracts.lynToken,
    account: net.accounts['verifier-owner'].address,
  })
  return free
}

function attestation(execId: Hex): Promise<number> {
  return readContract(requester(), {
    ...audits(),
    functionName: 'attestationOf',
    args: [execId, net.verifierId],
  })
}

function seedsOf(epoch: number) {
  return getContractEvents(requester(), {
    address: requester().addressBook.contracts.auditManager,
    abi: auditManagerAbi,
    eventName: 'SeedDrawn',
    args: { epoch },
    fromBlock: 0n,
  })
}

async function execIdOf(jobId: Hex): Promise<Hex> {
  return executionId(await getJob(requester(), { jobId }))
}

function until(jobId: Hex, status: JobStatus): Promise<void> {
  return untilStatus(requester(), jobId, status, 60_000)
}

/** An entry of the verifier's log about an execution, as soon as it is there. */
async function logged(
  event: string,
  execId: string,
): Promise<Record<string, unknown>> {
  const file = join(net.folder, 'verifier', 'log.jsonl')
  let found: Record<string, unknown> | undefined
  await expect
    .poll(
      () => {
        found = readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.includes(`"${event}"`))
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .find((entry) => entry['execId'] === execId)
        return found !== undefined
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  return found ?? {}
}

/** The honest provider serves its data, and asks for more than anybody pays. */
async function retireHonest(): Promise<void> {
  const [provider] = net.daemons
  if (provider === undefined) throw new Error('no provider')
  await provider.stop()
  await net.startDaemon({
    name: 'provider',
    role: 'provider',
    account: 'provider',
    port: Number(new URL(provider.endpoint).port),
    minPrice: '1000000',
  })
}

/** Adds to one element of one result, and lets everything behind it follow. */
function alter(name: string, element: number, by: number): Cheat {
  return (_, result, values) => {
    const before = values[element]
    if (result === name && before !== undefined) values[element] = before + by
  }
}
