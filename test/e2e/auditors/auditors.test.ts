import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Runner } from '@lynode/runtime'
import {
  approveToken,
  attestationsAbi,
  auditManagerAbi,
  demandKinds,
  deposit,
  executionId,
  getJob,
  getProvider,
  type Hex,
  type JobStatus,
  requestThaw,
  setEndpoint,
  stake as stakeOn,
} from '@lynode/sdk'
import { getAudit, getAuditClock, getEpoch, stepOf } from '@lynode/sdk/audits'
import {
  buildStep,
  type DaemonProcess,
  Devnet,
  type DevnetRole,
  enrolProvider,
  type Oracle,
} from 'lynode/devnet'
import { createTestClient, http, parseEther } from 'viem'
import { getBlock, getContractEvents, readContract } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mlpScenario } from '../../../sdk/src/vectors/scenarios.js'
import { chooseSeeds } from '../support/chooseSeeds.js'
import { HostileProvider } from '../support/hostileProvider.js'
import { sampling } from '../support/sampleAll.js'
import { orderOn } from '../support/sellOnce.js'
import { segment, trainedScenario } from '../support/trainedScenario.js'
import { untilStatus } from '../support/untilStatus.js'

// RULES E with several verifiers, all of them real processes that question each
// other: what one attests is open to the others, and rounding costs nobody.
const folder = mkdtempSync(join(tmpdir(), 'lynode-e2e-'))
const verifierSettings = { checkShare: 0, questionShare: 1 }
const net = new Devnet({ folder, oracle: false, verifierSettings })
const stake = parseEther('100000')
const blockSeconds = 2
const patience = 300_000
const honest: Partial<Record<'provider' | 'verifier', DaemonProcess>> = {}
let oracle: Oracle
let thirdId = 0
/** What the auditors of every job have to look at, if it matters. */
let auditedStep: { steps: number; step: number } | undefined

beforeAll(async () => {
  const [build, chain, deploy, ...rest] = [buildStep(), ...net.steps()]
  await build?.run(() => undefined)
  await chain?.run(() => undefined)
  await deploy?.run(() => undefined)
  oracle = chooseSeeds(net, async (draw) => {
    const drawsAll = await sampling(net, draw, () => true)
    return (seed) =>
      drawsAll(seed) &&
      (auditedStep === undefined ||
        draw.executions.every(
          (execId) =>
            stepOf({ seed, execId, steps: auditedStep?.steps ?? 1 }) ===
            auditedStep?.step,
        ))
  })
  for (const step of rest) await step.run(() => undefined)
  // A second of the chain has two: several daemons share this machine.
  await chainClient().setBlockTimestampInterval({ interval: 1 })
  await chainClient().setIntervalMining({ interval: blockSeconds })
}, 600_000)

afterAll(async () => {
  await oracle?.stop()
  await net.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(
  'behavior: nobody reveals in the first round, and the second one pays',
  async () => {
    await kill(running('verifier'))
    const { jobId } = await orderOn(net, mlpScenario())
    await until(jobId, 'delivered')
    const { time } = await getJob(requester(), { jobId })
    const { epoch: length } = await getAuditClock(requester())
    const epoch = Math.floor(time / length)
    let drawn = await getEpoch(requester(), { epoch })
    await expect
      .poll(
        async () => {
          drawn = await getEpoch(requester(), { epoch })
          return drawn.seed !== 0n
        },
        { timeout: 120_000 },
      )
      .toBe(true)
    const { commitWindow, revealWindow } = await readContract(requester(), {
      ...audits(),
      functionName: 'snapshotOf',
      args: [drawn.version],
    })
    await past(drawn.seedAt + commitWindow + revealWindow)
    // The clock waits for the restart, however slow this machine is.
    await chainClient().setIntervalMining({ interval: 0 })
    await restart(() =>
      chainClient().setIntervalMining({ interval: blockSeconds }),
    )

    const execId = await execIdOf(jobId)
    expect(await logged('verifier', 'audit.missed', execId)).toBeDefined()
    const revealed = await logged('verifier', 'audit.revealed', execId)
    expect(revealed).toMatchObject({ finding: 'agrees' })
    expect(BigInt(String(revealed['paidWei']))).toBeGreaterThan(0n)
    expect(await getAudit(requester(), { execId })).toMatchObject({
      round: 1,
      differing: 0,
    })
    await until(jobId, 'settled')
    expect(await standing(net.verifierId)).toMatchObject({
      stake,
      reserved: 0n,
    })
  },
  patience,
)

test(
  'behavior: whoever watches convicts by the trace that an audit of others brought',
  async () => {
    // No verifier that is drawn: it checks nothing, but what is said to differ.
    const watcher = await start('watcher', 'second')
    const provider = await HostileProvider.enrol(net, {
      serves: 'nothing',
      answers: 'what it committed to',
    })
    const wrong = mlpScenario((_, name, values) => {
      if (name === 'h') values[307] = (values[307] ?? 0) + 1
    })
    await provide('1000000') // asks for more than anybody pays
    const { order, jobId, signature } = await orderOn(net, wrong)
    const sold = provider.sell(wrong, order, signature, jobId)
    await until(jobId, 'delivered')
    const execId = await execIdOf(jobId)
    await logged('verifier', 'audit.revealed', execId)
    await kill(running('verifier'))
    expect(await sold).toBe('convicted')
    const verdict = await logged('watcher', 'job.verdict', execId)
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      operator: 'Gemm',
      element: 307,
    })
    // The trace was there: it asked for nothing but bytes.
    const asked = entries('watcher', 'demand.made').map(
      ({ request }) => (request as { kind: number }).kind,
    )
    expect(asked).not.toContain(0)
    await watcher.stop()
    await restart()
    await provide('0')
  },
  patience,
)

test(
  'behavior: another machine rounds in its way, and nobody loses',
  async () => {
    const id = await enrol('third')
    thirdId = id
    // One unit in the last place of what float32 holds.
    const other = await startOther('rounding', 'third', id, 1 + 2 ** -23)
    const mine = await standing(net.verifierId)
    const seller = await standing(net.providerId)
    const { jobId } = await orderOn(net, mlpScenario())
    await until(jobId, 'delivered')
    const execId = await execIdOf(jobId)
    await traced(execId, ['verifier', 'rounding'])
    expect(await logged('rounding', 'audit.revealed', execId)).toMatchObject({
      finding: 'differs',
    })
    expect(await logged('verifier', 'audit.revealed', execId)).toMatchObject({
      finding: 'agrees',
    })
    // It looks at every number of the provider's trace, and finds none wrong.
    expect(await logged('rounding', 'job.verdict', execId)).toMatchObject({
      verdict: 'tolerated',
    })
    // Each asks for the other's trace, gets it, and finds nothing either.
    expect(await logged('verifier', 'case.verdict', execId)).toMatchObject({
      verifierId: id,
      verdict: 'tolerated',
    })
    expect(await logged('rounding', 'case.verdict', execId)).toMatchObject({
      verifierId: net.verifierId,
      verdict: 'tolerated',
    })
    await until(jobId, 'settled')
    // What the cases held is free again, and bonds went where they belong.
    await expect
      .poll(() => standing(id), { timeout: 120_000 })
      .toEqual({
        stake,
        reserved: 0n,
        jailedUntil: 0,
      })
    await expect
      .poll(() => standing(net.verifierId), { timeout: 120_000 })
      .toEqual({ ...mine, reserved: 0n })
    expect(await standing(net.providerId)).toEqual({ ...seller, reserved: 0n })
    await expect
      .poll(() => events('CaseSettled'), { timeout: 120_000 })
      .toHaveLength(2)
    expect(await events('CaseConvicted')).toHaveLength(0)
    await other.stop()
    await requestThaw.sync(net.client('third-owner'), {
      providerId: id,
      amount: stake,
    })
  },
  patience,
)

test(
  'error: a verifier whose numbers are wrong is convicted by them, and the one that it accuses is not',
  async () => {
    const id = await enrol('second')
    const liar = await startOther('liar', 'second', id, 1.5)
    const mine = await standing(net.verifierId)
    const seller = await standing(net.providerId)
    const { jobId } = await orderOn(net, mlpScenario())
    await until(jobId, 'delivered')
    const execId = await execIdOf(jobId)
    await traced(execId, ['verifier', 'liar'])
    expect(await logged('liar', 'audit.revealed', execId)).toMatchObject({
      finding: 'differs',
    })
    // Both are questioned, and both answer.
    expect(
      await logged('verifier', 'attestation.questioned', execId),
    ).toMatchObject({ verifierId: id })
    const question = await logged('liar', 'attestation.questioned', execId)
    expect(question).toMatchObject({ verifierId: net.verifierId })
    expect(await logged('verifier', 'case.verdict', execId)).toMatchObject({
      verdict: 'fraud',
      verifierId: id,
      operator: 'Gemm',
    })
    const [convicted] = await events('CaseConvicted')
    expect(convicted?.args).toMatchObject({ verifierId: id })
    expect(
      entries('verifier', 'demand.answered').map(({ caseId }) => caseId),
    ).toContain(question['caseId'])

    await until(jobId, 'settled')
    const after = await standing(id)
    expect(after.stake).toBeLessThan(stake)
    expect(after.jailedUntil).toBeGreaterThan(0)
    await expect
      .poll(() => standing(net.verifierId), { timeout: 120_000 })
      .toEqual({ ...mine, reserved: 0n })
    expect(await standing(net.providerId)).toEqual({ ...seller, reserved: 0n })
    await liar.stop()
  },
  patience,
)

test(
  'error: in the middle of a segment a verifier answers for the steps before as well',
  async () => {
    const client = net.client('third-owner')
    const id = thirdId
    const { lynToken: token, stakeManager: spender } =
      client.addressBook.contracts
    await approveToken(client, { token, spender, amount: stake })
    await stakeOn.sync(client, { providerId: id, amount: stake })
    const forger = await startOther('forger', 'third', id, 1.5)
    const seller = await HostileProvider.enrol(net, {
      serves: 'everything',
      answers: 'what it committed to',
    })
    const mine = await standing(net.verifierId)
    await provide('1000000') // asks for more than anybody pays
    const runner = new Runner()
    const training = await trainedScenario(runner, folder)
    await runner.close()
    const step = segment + 2
    auditedStep = { steps: training.steps, step }
    const { order, jobId, signature } = await orderOn(net, training)
    const sold = seller.sell(training, order, signature, jobId)
    await until(jobId, 'delivered')
    const execId = await execIdOf(jobId)
    await traced(execId, ['verifier', 'forger'])
    expect(await logged('verifier', 'audit.revealed', execId)).toMatchObject({
      finding: 'agrees',
    })
    // What it carried to its step is wrong from the first step of the segment on.
    const verdict = await logged('verifier', 'case.verdict', execId)
    expect(verdict).toMatchObject({
      verdict: 'fraud',
      verifierId: id,
      step: segment,
    })
    expect((await standing(id)).jailedUntil).toBeGreaterThan(0)
    // The honest one is asked for its states as well, answers, and keeps its stake.
    await expect
      .poll(
        () =>
          entries('verifier', 'demand.answered').map(
            ({ request }) => (request as { kind: number }).kind,
          ),
        { timeout: 120_000 },
      )
      .toContain(demandKinds.step)
    expect(await sold).toBe('settled')
    await expect
      .poll(() => standing(net.verifierId), { timeout: 120_000 })
      .toEqual({ ...mine, reserved: 0n })
    await forger.stop()
  },
  patience,
)

function chainClient() {
  return createTestClient({ mode: 'anvil', transport: http(net.rpcUrl) })
}

function requester() {
  return net.client('requester')
}

function audits() {
  const { auditManager } = requester().addressBook.contracts
  return { address: auditManager, abi: auditManagerAbi } as const
}

function events(eventName: 'CaseSettled' | 'CaseConvicted') {
  return getContractEvents(requester(), {
    address: requester().addressBook.contracts.attestations,
    abi: attestationsAbi,
    eventName,
    fromBlock: 0n,
    strict: true,
  })
}

/** What of a node's stake an audit could change. */
async function standing(providerId: number) {
  const { stake, reserved, jailedUntil } = await getProvider(requester(), {
    providerId,
  })
  return { stake, reserved, jailedUntil }
}

async function execIdOf(jobId: Hex): Promise<Hex> {
  return executionId(await getJob(requester(), { jobId }))
}

function until(jobId: Hex, status: JobStatus): Promise<void> {
  return untilStatus(requester(), jobId, status, 180_000)
}

/** Stops the chain's clock while these verifiers run what they were drawn for. */
async function traced(execId: Hex, names: readonly string[]): Promise<void> {
  for (const name of names) await logged(name, 'audit.sampled', execId)
  await chainClient().setIntervalMining({ interval: 0 })
  for (const name of names) await logged(name, 'audit.traced', execId)
  await chainClient().setIntervalMining({ interval: blockSeconds })
}

/** Waits until block time has passed a moment. */
async function past(time: number): Promise<void> {
  await expect
    .poll(async () => Number((await getBlock(requester())).timestamp), {
      timeout: 120_000,
    })
    .toBeGreaterThanOrEqual(time)
}

/** Entries of a daemon's log. */
function entries(name: string, event: string): Record<string, unknown>[] {
  const file = join(net.folder, name, 'log.jsonl')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${event}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** An entry of a daemon's log about an execution, as soon as it is there. */
async function logged(
  name: string,
  event: string,
  execId: string,
): Promise<Record<string, unknown>> {
  const find = () =>
    entries(name, event).find((entry) => entry['execId'] === execId)
  await expect
    .poll(() => find() !== undefined, {
      timeout: 180_000,
      message: `${name}: ${event}`,
    })
    .toBe(true)
  return find() ?? {}
}

/** The honest one that was started last. */
function running(role: 'provider' | 'verifier'): DaemonProcess {
  const daemon = honest[role] ?? net.daemons.find((one) => one.role === role)
  if (daemon === undefined) throw new Error(`no ${role}`)
  return daemon
}

async function kill(daemon: DaemonProcess): Promise<void> {
  const exited = once(daemon.process, 'exit')
  daemon.process.kill('SIGKILL')
  await exited
}

async function restart(
  ready: () => Promise<void> = async () => undefined,
): Promise<void> {
  const daemon = await net.startDaemon({
    name: 'verifier',
    role: 'verifier',
    account: 'verifier',
    settings: verifierSettings,
  })
  honest.verifier = daemon
  await ready()
  await setEndpoint.sync(net.client('verifier-owner'), {
    providerId: net.verifierId,
    endpoint: daemon.endpoint,
  })
}

/** The provider again, at the same address, at another price. */
async function provide(minPrice: string): Promise<void> {
  const before = running('provider')
  await before.stop()
  honest.provider = await net.startDaemon({
    name: 'provider',
    role: 'provider',
    account: 'provider',
    port: Number(new URL(before.endpoint).port),
    minPrice,
  })
}

/** A verifier of `account`, which has LYN for bonds. */
async function start(
  name: string,
  account: 'second' | 'third',
  program?: string,
): Promise<DaemonProcess> {
  const client = net.client(account)
  const { lynToken: token, ledger } = client.addressBook.contracts
  const amount = parseEther('1000')
  await approveToken(client, { token, spender: ledger, amount })
  await deposit.sync(client, { token, to: client.account.address, amount })
  return net.startDaemon({
    name,
    role: 'verifier',
    account,
    settings: verifierSettings,
    program,
  })
}

async function enrol(account: 'second' | 'third'): Promise<number> {
  const owner: DevnetRole = `${account}-owner`
  return enrolProvider(net.client(owner), {
    hot: net.client(account),
    endpoint: '',
    stake,
    role: 'verifier',
  })
}

/** A verifier on a machine whose products come out a factor too large. */
async function startOther(
  name: string,
  account: 'second' | 'third',
  providerId: number,
  factor: number,
): Promise<DaemonProcess> {
  process.env['LYNODE_TEST_FACTOR'] = String(factor)
  const daemon = await start(
    name,
    account,
    fileURLToPath(new URL('../support/otherVerifier.mjs', import.meta.url)),
  )
  await setEndpoint.sync(net.client(`${account}-owner`), {
    providerId,
    endpoint: daemon.endpoint,
  })
  return daemon
}
