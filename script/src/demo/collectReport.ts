import {
  type CreateLynodeClientReturnType,
  demandsAbi,
  disputesAbi,
  jobMarketAbi,
  type Manifest,
  stakeManagerAbi,
} from '@lynode/sdk'
import { type Hex, parseEventLogs } from 'viem'
import {
  getBlock,
  getLogs,
  getTransaction,
  getTransactionReceipt,
} from 'viem/actions'
import { floatOfBits, floatOfKey } from './floatOfKey.js'

/** A job of the demo, as the chain has it. */
export type JobReport = {
  id: Hex
  outcome: string
  provider: number
  /** Gas of each transaction by step, in the order in which they happened. */
  gas: Record<string, number>
  seconds: number
}

export type SlashReport = {
  provider: number
  amount: bigint
  paid: bigint
  burnt: bigint
  jobId: Hex
}

/** The element that convicted the cheat. */
export type FraudReport = {
  operator: string
  /** Name of the node in the canonical file. */
  node: string
  nodeIndex: number
  output: number
  element: number
  claimed: number
  low: number
  high: number
  proofGas: number
  proofBytes: number
  /** From the first demand to the conviction, in block time. */
  disputeSeconds: number
  /** Block time of the conviction. */
  provedAt: number
}

/** What the chain says happened to some jobs. */
export type ChainReport = {
  jobs: JobReport[]
  slashes: SlashReport[]
  fraud: FraudReport | undefined
}

/** Event that shows that a step of a job happened. */
const steps: Record<string, string> = {
  OrderPosted: 'announce',
  JobLocked: 'lock',
  JobDelivered: 'deliver',
  Demanded: 'demand',
  TracePosted: 'answerTrace',
  ChunksOpened: 'answerChunk',
  OutputOpened: 'answerOutput',
  ProofCommitted: 'commitProof',
  FraudProved: 'proveFraud',
  LockExpired: 'expireLock',
  JobReopened: 'expireLock',
  JobSettled: 'settle',
}

/**
 * Reads what happened to jobs from the chain's logs and receipts.
 *
 * @param seconds - Wall-clock time of each job, by id.
 */
export async function collectReport(
  client: CreateLynodeClientReturnType,
  manifest: Manifest,
  seconds: ReadonlyMap<Hex, number>,
): Promise<ChainReport> {
  const { contracts, deployBlock } = client.addressBook
  const logs = parseEventLogs({
    abi: [...jobMarketAbi, ...demandsAbi, ...disputesAbi, ...stakeManagerAbi],
    logs: await getLogs(client, {
      address: [
        contracts.jobMarket,
        contracts.disputes,
        contracts.demands,
        contracts.stakeManager,
      ],
      fromBlock: deployBlock,
    }),
  })
  type Log = (typeof logs)[number]
  const jobOfExecution = new Map<Hex, Hex>()
  const jobOfTransaction = new Map<Hex, Hex>()
  for (const { args, transactionHash } of logs) {
    if ('jobId' in args) {
      jobOfTransaction.set(transactionHash, args.jobId)
      if ('execId' in args) jobOfExecution.set(args.execId, args.jobId)
    }
  }
  const jobOf = ({ args, transactionHash }: Log): Hex | undefined => {
    if ('jobId' in args) return args.jobId
    const execId = 'execId' in args ? args.execId : undefined
    return (
      (execId && jobOfExecution.get(execId)) ??
      jobOfTransaction.get(transactionHash)
    )
  }

  const jobs: JobReport[] = []
  for (const [id, taken] of seconds) {
    const { status, providerId } = await client.getJob({ jobId: id })
    const gas: Record<string, number> = {}
    const counted = new Set<Hex>()
    for (const log of logs.filter((log) => jobOf(log) === id)) {
      const step = steps[log.eventName]
      if (step === undefined || counted.has(log.transactionHash)) continue
      counted.add(log.transactionHash)
      const { gasUsed } = await getTransactionReceipt(client, {
        hash: log.transactionHash,
      })
      gas[nextName(gas, step)] = Number(gasUsed)
    }
    jobs.push({
      id,
      outcome: status,
      provider: providerId,
      gas,
      seconds: taken,
    })
  }

  const slashes = logs.flatMap((log) =>
    log.eventName === 'Slashed'
      ? [
          {
            provider: log.args.providerId,
            amount: log.args.amount,
            paid: log.args.paid,
            burnt: log.args.burnt,
            jobId: jobOf(log) ?? '0x',
          } satisfies SlashReport,
        ]
      : [],
  )
  const proved = logs.find((log) => log.eventName === 'FraudProved')
  return {
    jobs,
    slashes,
    fraud: proved && (await describeFraud(proved)),
  }

  async function describeFraud(
    log: Extract<Log, { eventName: 'FraudProved' }>,
  ): Promise<FraudReport> {
    const { args, transactionHash: hash, blockNumber } = log
    const node = manifest.nodes[args.node]
    const demanded = logs.find(
      (other) => other.eventName === 'Demanded' && jobOf(other) === jobOf(log),
    )
    const [receipt, transaction, end, begin] = await Promise.all([
      getTransactionReceipt(client, { hash }),
      getTransaction(client, { hash }),
      getBlock(client, { blockNumber }),
      getBlock(client, { blockNumber: demanded?.blockNumber ?? blockNumber }),
    ])
    return {
      operator: node?.operator ?? 'unknown',
      node: node?.name ?? 'unknown',
      nodeIndex: args.node,
      output: args.output,
      element: args.element,
      claimed: floatOfBits(args.claimed),
      low: floatOfKey(args.low),
      high: floatOfKey(args.high),
      proofGas: Number(receipt.gasUsed),
      proofBytes: (transaction.input.length - 2) / 2,
      disputeSeconds: Number(end.timestamp - begin.timestamp),
      provedAt: Number(end.timestamp),
    }
  }
}

/** `lock`, then `lock2` when a job is locked again. */
function nextName(gas: Record<string, number>, step: string): string {
  if (!(step in gas)) return step
  let count = 2
  while (`${step}${count}` in gas) count++
  return `${step}${count}`
}
