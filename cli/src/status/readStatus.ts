import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readProviderState } from '@lynode/node'
import {
  type DaemonConfig,
  errorText,
  openExisting,
  readRunFile,
} from '@lynode/runtime'
import { getProvider, type LynodeReader, stakeManagerAbi } from '@lynode/sdk'
import { readVerifierState } from '@lynode/verifier'
import type { Address, PublicClient } from 'viem'
import { z } from 'zod'

const wei = z.string().regex(/^\d+$/)

const provider = z.object({
  id: z.number(),
  stakeWei: wei,
  delegatedWei: wei,
  capacityWei: wei,
  reservedWei: wei,
  jailedUntil: z.number(),
})

const wallet = z.object({
  balanceWei: wei,
  runwaySeconds: z.number().optional(),
  provider: provider.optional(),
})

const transaction = z.object({
  kind: z.string(),
  obligation: z.string(),
  nonce: z.number(),
  hash: z.string().optional(),
  sentAt: z.number(),
})

const obligation = z.object({
  jobId: z.string(),
  what: z.enum(['deliver', 'answer', 'defend', 'reveal']),
  until: z.number().optional(),
})

/** What `GET /status` of a daemon answers. */
const answer = z.object({
  version: z.string(),
  pid: z.number(),
  since: z.number(),
  account: z.string(),
  endpoint: z.string(),
  draining: z.boolean(),
  ready: z.boolean(),
  unready: z.array(z.string()),
  chain: z.object({
    id: z.number(),
    block: z.number().optional(),
    time: z.number().optional(),
  }),
  wallet: wallet.optional(),
  transactions: z.array(transaction),
  jobs: z.record(z.string(), z.number()).optional(),
  obligations: z.array(obligation).optional(),
  checks: z.record(z.string(), z.number()).optional(),
  audits: z.record(z.string(), z.number()).optional(),
  demands: z.number().optional(),
})

/** All that can be said about a daemon at the moment; what is missing has its reason in `warnings`. */
export const statusShape = z.object({
  role: z.enum(['provider', 'verifier']),
  warnings: z.array(z.string()),
  /** The running process; missing when none answers. */
  daemon: answer
    .pick({
      version: true,
      pid: true,
      since: true,
      endpoint: true,
      draining: true,
      ready: true,
    })
    .optional(),
  account: z.string().optional(),
  /** Read from the endpoint itself; missing when it does not answer. */
  chain: z
    .object({ id: z.int(), block: z.int(), ageSeconds: z.int() })
    .optional(),
  wallet: wallet.optional(),
  transactions: z.array(transaction),
  /** Jobs by what the provider has to do with them. */
  jobs: z.record(z.string(), z.number()).optional(),
  obligations: z.array(obligation),
  /** Executions by the verifier's verdict. */
  checks: z.record(z.string(), z.number()).optional(),
  /** The verifier's audits by how far they are. */
  audits: z.record(z.string(), z.number()).optional(),
  /** Demands of the verifier whose bond is out. */
  demands: z.number().optional(),
})

export type Status = z.output<typeof statusShape>

/** A transaction that waits for longer is worth a word. */
const slowSeconds = 120

/** Gas money for less than this is too little to sleep. */
const shortRunwaySeconds = 24 * 3_600

/**
 * Asks the daemon, the chain and the database, each of which may be silent: status
 * is for the bad days.
 */
export async function readStatus(
  role: 'provider' | 'verifier',
  config: DaemonConfig,
  client: PublicClient & LynodeReader,
): Promise<Status> {
  const warnings: string[] = []
  const running = await askDaemon(config, warnings)
  const stored = readDatabase(role, config, warnings, running !== undefined)
  const account = running?.account ?? stored.account
  const [chain, own] = await Promise.all([
    readChain(config, client, warnings),
    running?.wallet !== undefined || account === undefined
      ? running?.wallet
      : readWallet(client, account as Address),
  ])
  const now = chain === undefined ? undefined : Date.now() / 1_000
  const obligations = running?.obligations ?? stored.obligations
  const transactions = running?.transactions ?? stored.transactions
  if (running !== undefined)
    for (const reason of running.unready)
      warnings.push(`it takes no work: ${reason}`)
  if (
    own?.runwaySeconds !== undefined &&
    own.runwaySeconds < shortRunwaySeconds
  )
    warnings.push(
      `the gas money lasts for ${Math.round(own.runwaySeconds / 3_600)} h at this pace`,
    )
  if (own !== undefined && BigInt(own.balanceWei) === 0n)
    warnings.push('the hot key has no gas money')
  if ((own?.provider?.jailedUntil ?? 0) > 0)
    warnings.push('the provider is jailed: it cannot lock jobs')
  for (const { until, what, jobId } of obligations)
    if (
      until !== undefined &&
      now !== undefined &&
      until < now &&
      what !== 'defend'
    )
      warnings.push(`too late to ${what}: ${jobId}`)
  for (const { kind, nonce, sentAt } of transactions)
    if (Date.now() / 1_000 - sentAt > slowSeconds)
      warnings.push(
        `a transaction (${kind}, nonce ${nonce}) has waited for its block since ${new Date(sentAt * 1_000).toISOString()}`,
      )
  return {
    role,
    warnings,
    daemon: running && {
      version: running.version,
      pid: running.pid,
      since: running.since,
      endpoint: running.endpoint,
      draining: running.draining,
      ready: running.ready,
    },
    account,
    chain,
    wallet: own,
    transactions,
    jobs: running?.jobs ?? stored.jobs,
    obligations,
    checks: running?.checks ?? stored.checks,
    audits: running?.audits ?? stored.audits,
    demands: running?.demands ?? stored.demands,
  }
}

async function askDaemon(
  config: DaemonConfig,
  warnings: string[],
): Promise<z.infer<typeof answer> | undefined> {
  const file = readRunFile(config.dataDir)
  if (file === undefined) {
    warnings.push('the daemon does not run')
    return undefined
  }
  try {
    const response = await fetch(`${file.monitor}/status`, {
      signal: AbortSignal.timeout(5_000),
    })
    return answer.parse(await response.json())
  } catch {
    // Killed, or another program got its port: what it left on the disk says the rest.
    warnings.push(
      `the daemon (process ${file.pid}) does not answer at ${file.monitor}: it was killed, or hangs`,
    )
    return undefined
  }
}

function readDatabase(
  role: 'provider' | 'verifier',
  { dataDir }: DaemonConfig,
  warnings: string[],
  running: boolean,
): Pick<
  Status,
  | 'account'
  | 'transactions'
  | 'jobs'
  | 'obligations'
  | 'checks'
  | 'audits'
  | 'demands'
> {
  const nothing = {
    account: undefined,
    transactions: [],
    jobs: undefined,
    obligations: [],
    checks: undefined,
    audits: undefined,
    demands: undefined,
  }
  const path = join(dataDir, 'state.sqlite')
  if (running || !existsSync(path)) return nothing
  try {
    const database = openExisting(path)
    try {
      const identity = database
        .prepare("SELECT value FROM meta WHERE name = 'identity'")
        .get() as { value: string } | undefined
      const rows = database
        .prepare(
          "SELECT kind, key, nonce, sent_at FROM outbox WHERE state = 'live' ORDER BY nonce",
        )
        .all() as {
        kind: string
        key: string
        nonce: number
        sent_at: number
      }[]
      return {
        ...nothing,
        ...(role === 'provider'
          ? readProviderState(dataDir)
          : readVerifierState(dataDir)),
        account: /0x[0-9a-fA-F]{40}/.exec(identity?.value ?? '')?.[0],
        transactions: rows.map((row) => ({
          kind: row.kind,
          obligation: row.key,
          nonce: row.nonce,
          sentAt: Math.floor(row.sent_at / 1_000),
        })),
      }
    } finally {
      database.close()
    }
  } catch (error) {
    warnings.push(`the database cannot be read: ${errorText(error)}`)
    return nothing
  }
}

async function readChain(
  config: DaemonConfig,
  client: PublicClient,
  warnings: string[],
): Promise<Status['chain']> {
  try {
    const [id, block] = await Promise.all([
      client.getChainId(),
      client.getBlock(),
    ])
    return {
      id,
      block: Number(block.number),
      ageSeconds: Math.round(Date.now() / 1_000 - Number(block.timestamp)),
    }
  } catch (error) {
    warnings.push(
      `the chain at ${config.rpc} does not answer: ${errorText(error)}`,
    )
    return undefined
  }
}

async function readWallet(
  client: PublicClient & LynodeReader,
  address: Address,
): Promise<Status['wallet']> {
  try {
    const [balance, id] = await Promise.all([
      client.getBalance({ address }),
      client.readContract({
        address: client.addressBook.contracts.stakeManager,
        abi: stakeManagerAbi,
        functionName: 'providerIdOf',
        args: [address],
      }),
    ])
    const own =
      id === 0 ? undefined : await getProvider(client, { providerId: id })
    return {
      balanceWei: String(balance),
      provider: own && {
        id,
        stakeWei: String(own.stake),
        delegatedWei: String(own.delegated),
        capacityWei: String(own.capacity),
        reservedWei: String(own.reserved),
        jailedUntil: own.jailedUntil,
      },
    }
  } catch {
    // `readChain` has said that the chain does not answer.
    return undefined
  }
}
