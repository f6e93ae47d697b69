import {
  attestationsAbi,
  auditManagerAbi,
  type CreateLynodeClientReturnType,
  canariesAbi,
  claimBond,
  deliverResult,
  demand,
  demandKinds,
  executionId,
  expireDemand,
  getJob,
  type Hex,
  type Order,
  settleJob,
  signOrder,
  stake,
} from '@lynode/sdk'
import {
  attestWithheld,
  auditCommitment,
  closeEpoch,
  commitAudit,
  demandMismatch,
  encodeHeader,
  fallbackSeed,
  getAuditClock,
  getEpoch,
  openCase,
  releaseAudit,
  reportAbsent,
  requestSeed,
  revealAudit,
} from '@lynode/sdk/audits'
import { enrolProvider } from 'lynode/devnet'
import { numberToHex, parseEther, type RpcBlock, zeroHash } from 'viem'
import { getContractEvents, readContract } from 'viem/actions'
import { mlpScenario } from '../../../sdk/src/vectors/scenarios.js'
import { answer, type Sold, sell, traceOf } from './indexedDisputes.js'
import type { IndexedScenario } from './indexedScenario.js'

const root = `0x${'3'.repeat(64)}` as const
const findings = { agrees: 1, differs: 2 } as const
/** As local deployments have them, in seconds. */
const commitWindow = 5
const revealWindow = 4
/** What a chain with EIP-2935 remembers of its blocks. */
const rememberedBlocks = 8_191

/** Every way in which an audit, a case of an attestation, or a seed can go. */
export async function auditEverything(on: IndexedScenario): Promise<void> {
  const amount = parseEther('100000')
  const owner = on.as('third-owner')
  await on.approveStake(owner, amount)
  await stake.sync(owner, { providerId: on.ids.verifier, amount })
  const sleeper = on.as('verifier-owner')
  on.ids.sleeper = await enrolProvider(sleeper, {
    ...{ hot: sleeper, endpoint: '', stake: amount, role: 'verifier' },
  })
  await agree(on)
  await on.unjail('verifier-owner', on.ids.sleeper)
  await differ(on)
  await on.unjail('third-owner', on.ids.verifier)
  await withhold(on)
  await openCanary(on)
  await seedByBlock(on)
}

/** An epoch that closes while the oracle refuses. */
export async function closeUnheard(on: IndexedScenario): Promise<void> {
  const { epoch: length } = await getAuditClock(on.as('requester'))
  await on.pass(length)
  on.unheard = Math.floor((await on.time()) / length) - 1
  await closeEpoch.sync(on.as('requester'), { epoch: on.unheard })
}

/** One verifier finds nothing wrong; the other sleeps, and is reported. */
async function agree(on: IndexedScenario): Promise<void> {
  const sold = await sell(on, mlpScenario())
  const { order, jobId, execId } = sold
  const seedAt = await seeded(on, sold)
  await attest(on, on.as('verifier'), on.ids.verifier, {
    ...{ order, execId, seedAt, finding: findings.agrees },
  })
  const caseId = await openedCase(on, order, findings.agrees)
  await on.until(seedAt + commitWindow + revealWindow)
  await reportAbsent.sync(on.as('third'), {
    ...{ jobId, verifierId: on.ids.sleeper },
  })
  await on.pass(60)
  await settleJob.sync(on.as('requester'), { order })
  const { attestations } = on.contracts
  await on.write(on.as('third'), attestations, attestationsAbi, 'settle', [
    caseId.caseId,
  ])
  await releaseAudit.sync(on.as('third'), {
    ...{ execId, verifierId: on.ids.verifier },
  })
}

/** A verifier says that right work is wrong, and answers for it. */
async function differ(on: IndexedScenario): Promise<void> {
  const asker = on.as('third')
  const sold = await sell(on, mlpScenario())
  const { order, execId, scenario } = sold
  const model = scenario.manifest.header
  const seedAt = await seeded(on, sold)
  await attest(on, on.as('verifier'), on.ids.verifier, {
    ...{ order, execId, seedAt, finding: findings.differs },
  })
  const { event } = await demandMismatch.sync(asker, { order, model })
  await answer(on, sold, event.demandId, traceOf(sold))
  const opened = await openedCase(on, order, findings.differs)
  const { event: asked } = await demand.sync(asker, {
    order: opened.order,
    model,
    request: {
      ...{ kind: demandKinds.trace, step: opened.step },
      ...{ value: 0, chunk: 0, count: 0 },
    },
  })
  await on.pass(60)
  await expireDemand.sync(asker, {
    ...{ order: opened.order, demandId: asked.demandId },
  })
  await on.pass(200)
  await settleJob.sync(on.as('requester'), { order })
  for (const { demandId } of [event, asked])
    await claimBond.sync(asker, { demandId })
}

/** Both verifiers say that bytes are withheld: nobody is paid, nobody slashed. */
async function withhold(on: IndexedScenario): Promise<void> {
  const sold = await sell(on, mlpScenario())
  await seeded(on, sold)
  // Half of the seats that are expected, which the first may have alone.
  for (const role of ['verifier', 'verifier-owner'] as const) {
    const job = await getJob(on.as('requester'), { jobId: sold.jobId })
    if (job.status !== 'delivered') return
    await attestWithheld.sync(on.as(role), { order: sold.order })
  }
}

/** A result that is wrong by agreement, and a verifier that did not look. */
async function openCanary(on: IndexedScenario): Promise<void> {
  const { canaries } = on.contracts
  const curator = on.as('third')
  const providerId = on.ids.first
  const { manifest, steps, roots } = mlpScenario()
  const order = await on.order({
    ...{ modelId: manifest.modelId, steps, maxAttempts: 1 },
    inputRoot: roots(0).inputRoot,
  })
  const { jobId } = await signOrder(on.as('requester'), { order })
  const execId = executionId({ jobId, attempt: 0, providerId })
  const at = { address: canaries, abi: canariesAbi } as const
  const hash = await readContract(curator, {
    ...at,
    functionName: 'hashOf',
    args: [execId, providerId, root, zeroHash],
  })
  await on.write(curator, canaries, canariesAbi, 'commit', [hash])
  // Surely older than the lock, which the delivery does not tell exactly.
  await on.pass(order.deliverDuration)
  await on.lock(order)
  await deliverResult.sync(on.as('provider'), { jobId, resultRoot: root })
  const seedAt = await seeded(on, { jobId, execId })
  await attest(on, on.as('verifier-owner'), on.ids.sleeper, {
    ...{ order, execId, seedAt, finding: findings.agrees },
  })
  await on.write(curator, canaries, canariesAbi, 'open', [order, zeroHash])
  await on.write(on.as('requester'), canaries, canariesAbi, 'prove', [
    ...[execId, on.ids.sleeper],
  ])
}

/** The epoch that the oracle refused is asked again, seeded by a block, and the oracle's word comes too late. */
async function seedByBlock(on: IndexedScenario): Promise<void> {
  const client = on.as('requester')
  const epoch = on.unheard
  const speak = on.silenceOracle()
  await requestSeed.sync(client, { epoch })
  // In parts: each is an answer that the client waits for.
  for (let mined = 0; mined <= rememberedBlocks; mined += 256)
    await on.chain.mine({ blocks: 256, interval: 1 })
  // A block that nobody knows any more: a later one takes its place.
  await fallbackSeed.sync(client, { epoch, header: '0x' })
  const { fallbackBlock } = await getEpoch(client, { epoch })
  await on.chain.mine({ blocks: 5, interval: 1 })
  const block = (await client.request({
    method: 'eth_getBlockByNumber',
    params: [numberToHex(fallbackBlock), false],
  })) as RpcBlock
  await fallbackSeed.sync(client, { epoch, header: encodeHeader(block) })
  speak()
  while (!(await ignored(on)))
    await new Promise((resolve) => setTimeout(resolve, 100))
}

async function ignored(on: IndexedScenario): Promise<boolean> {
  const events = await getContractEvents(on.as('requester'), {
    address: on.contracts.auditManager,
    abi: auditManagerAbi,
    eventName: 'SeedIgnored',
    fromBlock: 0n,
  })
  return events.length > 0
}

/** Lets an execution be sampled; when its seed was there. */
async function seeded(
  on: IndexedScenario,
  { jobId, execId }: Pick<Sold, 'jobId' | 'execId'>,
): Promise<number> {
  on.audited.add(execId)
  await on.seeded(jobId)
  const client = on.as('requester')
  const { time } = await getJob(client, { jobId })
  const { epoch: length } = await getAuditClock(client)
  const epoch = Math.floor(time / length)
  return (await getEpoch(client, { epoch })).seedAt
}

/** Commits and reveals, each in its time. */
async function attest(
  on: IndexedScenario,
  verifier: CreateLynodeClientReturnType,
  verifierId: number,
  audit: { order: Order; execId: Hex; seedAt: number; finding: number },
): Promise<void> {
  const { order, execId, seedAt, finding } = audit
  const said = { traceRoot: root, finding, salt: zeroHash }
  const hash = auditCommitment({ execId, verifierId, ...said })
  await commitAudit.sync(verifier, { execId, hash })
  await on.until(seedAt + commitWindow)
  await revealAudit.sync(verifier, { order, ...said })
}

/** The case of what the first verifier attested. */
async function openedCase(
  on: IndexedScenario,
  order: Order,
  finding: number,
): Promise<{ caseId: Hex; order: Order; step: number }> {
  const { event } = await openCase.sync(on.as('third'), {
    ...{ order, attempt: 0, providerId: on.ids.first },
    ...{ verifierId: on.ids.verifier, traceRoot: root, finding },
  })
  return event
}
