import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { digits, startCheat, trainingModels } from '@lynode/script'
import { type Hex, jobMarketAbi } from '@lynode/sdk'
import {
  buildDataset,
  buildStep,
  Devnet,
  openData,
  parsePlan,
  runSteps,
  runTraining,
  type TrainingProgress,
} from 'lynode/devnet'
import { getContractEvents, getTransactionReceipt } from 'viem/actions'

/** What a dispute in the middle of a long job takes. */
export type DisputeMeasurement = {
  /** Gas of the transactions of a milestone that nobody disputes. */
  milestoneGas: { lock: number; deliver: number; settle: number; total: number }
  steps: number
  segment: number
  /** Step in which the provider cheated. */
  step: number
  /** Seconds from the delivery to the conviction, in block time. */
  disputeSeconds: number
  /** Seconds that the verifier needed to run the job again up to the wrong segment, of these. */
  rerunSeconds: number
  /** Seconds of these for one segment. */
  segmentSeconds: number
  proofGas: number
}

const [steps, segment, batch] = [10_000, 128, 4]

/**
 * On a devnet of its own: buys a short milestone of an honest provider, then a
 * job of 10,000 steps of one that cheats in the middle of it.
 */
export async function measureDispute(): Promise<DisputeMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-dispute-'))
  const log: Record<string, unknown>[] = []
  const net = new Devnet({
    folder,
    minPrice: '9',
    onVerifierLog: (entry) => log.push(entry),
  })
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'mlp.onnx'), trainingModels.mlp(batch, 16))
    buildDataset({ arrays: digits(0, 20), out: join(folder, 'digits') })
    await runSteps([buildStep(), ...net.steps()])
    const honest = await buy(net, folder, 2 * segment)
    const milestoneGas = await gasOf(net, honest)
    await startCheat(net, 'longTrainer')
    await buy(net, folder, steps)
    const proved = await logged(log, 'fraud.proved')
    const compared = await logged(log, 'job.mismatch')
    const step = Number(proved['step'])
    const rerunSeconds = Number(compared['ms']) / 1_000
    return {
      milestoneGas,
      steps,
      segment,
      step,
      disputeSeconds: Number(proved['disputeSeconds']),
      rerunSeconds,
      segmentSeconds: rerunSeconds / (Math.floor(step / segment) + 1),
      proofGas: Number(proved['proofGas']),
    }
  } finally {
    await net.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A line of the verifier's log, which may come after what it tells is on chain. */
async function logged(
  log: readonly Record<string, unknown>[],
  event: string,
): Promise<Record<string, unknown>> {
  const until = performance.now() + 10_000
  for (;;) {
    const found = log.find((entry) => entry['event'] === event)
    if (found !== undefined) return found
    if (performance.now() > until)
      throw new Error(
        `the verifier logged no ${event}, but ${log.map((entry) => entry['event']).join()}`,
      )
    await sleep(100)
  }
}

/** Buys a training of one milestone; resolves with its job when it is settled or convicted. */
async function buy(net: Devnet, folder: string, count: number): Promise<Hex> {
  const controller = new AbortController()
  let jobId: string | undefined
  const plan = parsePlan(
    {
      graph: 'mlp.onnx',
      out: `run-${count}`,
      segment,
      loss: { kind: 'softmaxCrossEntropy', logits: 'logits' },
      optimiser: { kind: 'adam' },
      schedule: { rate: 0.001, steps: count },
      data: { folder: 'digits', batch, seed: 1 },
      milestone: { segments: Math.ceil(count / segment) },
      order: { maxPrice: '15LYN', deliverSeconds: 120, attempts: 1 },
    },
    folder,
  )
  const over = new Promise<void>((resolve, reject) => {
    runTraining({
      client: net.client('requester'),
      data: openData({
        dataServers: net.daemons
          .filter(({ role }) => role === 'provider')
          .map(({ endpoint }) => endpoint),
        folder: net.folder,
      }),
      relays: net.daemons.map(({ endpoint }) => endpoint),
      plan,
      signal: controller.signal,
      log: () => undefined,
      report(progress: TrainingProgress) {
        jobId ??= progress.jobId
        if (progress.event === 'rejected') resolve()
      },
    }).then(() => resolve(), reject)
  })
  await over
  if (jobId === undefined) throw new Error('nothing was ordered')
  return jobId as Hex
}

/** Gas of the lock, the delivery and the settlement of a job. */
async function gasOf(
  net: Devnet,
  jobId: Hex,
): Promise<DisputeMeasurement['milestoneGas']> {
  const client = net.client('requester')
  const of = async (
    eventName: 'JobLocked' | 'JobDelivered' | 'JobSettled',
  ): Promise<number> => {
    const events = await getContractEvents(client, {
      address: client.addressBook.contracts.jobMarket,
      abi: jobMarketAbi,
      eventName,
      fromBlock: 0n,
      strict: true,
    })
    const found = events.find(({ args }) => args.jobId === jobId)
    if (found === undefined) throw new Error(`no ${eventName} of ${jobId}`)
    const { transactionHash: hash } = found
    return Number((await getTransactionReceipt(client, { hash })).gasUsed)
  }
  const lock = await of('JobLocked')
  const deliver = await of('JobDelivered')
  const settle = await of('JobSettled')
  return { lock, deliver, settle, total: lock + deliver + settle }
}
