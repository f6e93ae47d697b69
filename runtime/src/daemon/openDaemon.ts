import { join } from 'node:path'
import {
  attestationsAbi,
  auditManagerAbi,
  demandsAbi,
  disputesAbi,
  getProviders,
  type Hex,
  jobMarketAbi,
  LynodeError,
  type LynodeReader,
  offersAbi,
  protocolErrors,
  sealedAuctionsAbi,
  stakeManagerAbi,
  withAddressBook,
} from '@lynode/sdk'
import type { Logger } from 'pino'
import {
  createPublicClient,
  defineChain,
  http,
  type LocalAccount,
  type PublicClient,
} from 'viem'
import { EpochKeeper } from '../audits/epochKeeper.js'
import { BlobClient } from '../blobs/blobClient.js'
import { type BlobReader, BlobStore } from '../blobs/blobStore.js'
import { DiskBudget } from '../blobs/diskBudget.js'
import { DocumentStore } from '../blobs/documentStore.js'
import { LayeredBlobs } from '../blobs/layeredBlobs.js'
import { type ChainEvent, ChainWatcher } from '../chain/chainWatcher.js'
import { meteredTransport } from '../chain/meteredTransport.js'
import { type DaemonConfig, keySourceOf } from '../config/parseConfig.js'
import { admitRunner } from '../conformance/admitRunner.js'
import { ProfileAdmission } from '../conformance/profileAdmission.js'
import { errorText } from '../errors/errorText.js'
import type { AskPassword } from '../keys/askPassword.js'
import { lockKey } from '../keys/keyLock.js'
import { loadAccount, lockFileOf } from '../keys/loadAccount.js'
import { createLogger } from '../logs/createLogger.js'
import { createMetrics, type Metrics } from '../metrics/metrics.js'
import { ModelLibrary } from '../models/modelLibrary.js'
import { Relay } from '../relay/relay.js'
import { relayRoutes } from '../relay/relayRoutes.js'
import { RelayStore } from '../relay/relayStore.js'
import type { ExecutionProvider } from '../runner/executionProvider.js'
import { Runner } from '../runner/runner.js'
import { startDataServer } from '../server/dataServer.js'
import type { HttpServer } from '../server/listen.js'
import { startMonitor } from '../server/monitorServer.js'
import { type Quotes, quoteRoutes } from '../server/quoteRoutes.js'
import { type Database, openDatabase } from '../store/openDatabase.js'
import { runLoop } from '../supervision/runLoop.js'
import { Outbox } from '../transactions/outbox.js'
import { removeRunFile, writeRunFile } from './runFile.js'
import { unreadyReasons } from './unreadyReasons.js'
import { version } from './version.js'
import { Wallet } from './wallet.js'

/** Pause between two looks at what the disk holds. */
const diskPauseMs = 60_000

/** Events that both daemons follow. */
export const watchedAbi = [
  ...jobMarketAbi,
  ...demandsAbi,
  ...disputesAbi,
  ...stakeManagerAbi,
  ...offersAbi,
  ...sealedAuctionsAbi,
  ...auditManagerAbi,
  ...attestationsAbi,
] as const

export type ProtocolEvent = ChainEvent<typeof watchedAbi>

export type OpenDaemonOptions = {
  role: 'provider' | 'verifier'
  config: DaemonConfig
  /** Program of the runner process; never from a configuration file. */
  runnerEntry?: string | undefined
  runnerArguments?: readonly string[] | undefined
  /** Gives the password of a keystore that has no password file. */
  askPassword?: AskPassword | undefined
}

/** What only the daemon of a role knows about itself. */
export type DaemonSelf = {
  /** Set when it takes no more work. */
  draining: boolean
  /** Its part of `/status`. */
  status: () => Promise<Record<string, unknown>> | Record<string, unknown>
}

/** What a daemon works with. */
export type Daemon = {
  config: DaemonConfig
  account: LocalAccount
  client: PublicClient & LynodeReader
  contracts: LynodeReader['addressBook']['contracts']
  database: Database
  logger: Logger
  metrics: Metrics
  blobs: BlobStore
  documents: DocumentStore
  /** Own blobs and every added layer, as the data server serves them. */
  reader: BlobReader
  layers: Set<BlobReader>
  /** Roots that must stay on the disk, by whoever may have to show them. */
  pins: Set<() => Promise<Iterable<Hex>>>
  blobClient: BlobClient
  models: ModelLibrary
  runner: Runner
  /** Which numeric profiles the runner's kernels keep. */
  profiles: ProfileAdmission
  outbox: Outbox
  /** Closes the epochs of audits and gets them a seed where nobody else does. */
  epochs: EpochKeeper
  server: HttpServer
  monitor: HttpServer
  /** What the role adds to `/status` and `/ready`. */
  self: DaemonSelf
  /** Signed orders, offers and heartbeats, served beside the blobs. */
  relay: Relay
  /** Who answers `POST /v1/quotes`. */
  quotes: Quotes
  watcher: ChainWatcher<typeof watchedAbi>
  /** Endpoint of a provider; empty when it has none. */
  endpointOf(providerId: number): string
  /** Block time in unix seconds (F4). @throws before the first block was read. */
  now(): number
  signal: AbortSignal
  /**
   * Starts the chain loop: each turn delivers new events, which may come again
   * after a restart, and ends with `work`.
   */
  run(work: {
    onEvent: (event: ProtocolEvent) => void | Promise<void>
    work: () => Promise<void>
  }): void
  /** Ends the loops, then `drain`, then everything else. */
  close(drain: () => Promise<void>): Promise<void>
}

/** Pause between two looks at balance and stake. */
const walletMs = 15_000

/** Seconds that a provider leaves to verifiers, whose business epochs are. */
const providerPatience = 3

/** Opens all that the two daemons share. */
export async function openDaemon(options: OpenDaemonOptions): Promise<Daemon> {
  const { role, config } = options
  const { addressBook, dataDir } = config
  const { contracts } = addressBook
  const logger = createLogger(role, config.logLevel)
  const metrics = createMetrics(role)
  const source = keySourceOf(config)
  const account = await loadAccount(source, options.askPassword)
  const client = createPublicClient({
    chain: defineChain({
      id: addressBook.chainId,
      name: `chain ${addressBook.chainId}`,
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [config.rpc] } },
    }),
    // No caching and no batching delay: the daemon reads before it acts.
    cacheTime: 0,
    transport: meteredTransport(
      http(config.rpc, { retryCount: 2, timeout: 15_000 }),
      metrics,
    ),
  }).extend(withAddressBook(addressBook))
  const genesis = await checkChain(client, addressBook.chainId)
  const lock = lockKey(
    lockFileOf(source, `${genesis.slice(2, 18)}-${account.address}`),
  )

  const database = openDatabase(
    join(dataDir, 'state.sqlite'),
    `${role} ${account.address} on chain ${addressBook.chainId}, genesis ${genesis}`,
  )
  const blobs = new BlobStore(join(dataDir, 'blobs'))
  const documents = new DocumentStore(join(dataDir, 'documents'))
  const layers = new Set<BlobReader>()
  const reader = new LayeredBlobs(() => [blobs, ...layers])
  const pins = new Set<() => Promise<Iterable<Hex>>>()
  const budget = new DiskBudget({
    folders: [join(dataDir, 'blobs'), join(dataDir, 'documents')],
    bytes: config.diskMiB * 2 ** 20,
    async pinned() {
      // Until the daemon says what it owes, everything stays.
      if (pins.size === 0) throw new LynodeError('LY-BLOB-008')
      const roots = new Set<Hex>()
      for (const pin of pins) for (const root of await pin()) roots.add(root)
      return roots
    },
  })
  metrics.watchDisk(() => budget.usedBytes)
  metrics.diskLimit.set(config.diskMiB * 2 ** 20)
  const endpoints = new Map<number, string>()
  let ownUrl = ''
  const blobClient = new BlobClient({
    blobs,
    reader,
    documents,
    sources: () =>
      [...endpoints.values(), ...config.sources].filter(
        (source) => /^https?:\/\//.test(source) && source !== ownUrl,
      ),
  })
  const models = new ModelLibrary({
    client,
    blobs,
    blobClient,
    folder: join(dataDir, 'traced'),
    maxBytes: config.memoryMiB * 2 ** 18, // a quarter of the runner's memory
  })
  const openRunner = (executionProvider: ExecutionProvider) =>
    new Runner({
      entry: options.runnerEntry,
      entryArguments: options.runnerArguments,
      executionProvider,
      threads: config.threads,
      processes: config.runners,
      memoryBytes: config.memoryMiB * 2 ** 20,
      deadlineMs: config.deadlineSeconds * 1_000,
      onRestart: (code) => metrics.runnerRestarts.inc({ code }),
      onBatch: (requests) => metrics.runnerBatch.observe(requests),
    })
  const runner =
    options.runnerEntry === undefined
      ? await admitRunner({
          candidates: config.executionProviders,
          open: openRunner,
          database,
          logger,
        })
      : openRunner('cpu')
  metrics.watchRunner(() => runner.residentBytes())
  metrics.runsOn(runner.executionProvider)
  const wallet = new Wallet({ client, address: account.address, metrics })
  const outbox = new Outbox({
    client,
    account,
    database,
    abi: [...protocolErrors, ...auditManagerAbi, ...attestationsAbi],
    logger,
    metrics,
    pollMs: Math.min(config.pollMs, 1_000),
    onCost: (wei) => wallet.spend(wei),
  })
  let deliver: (event: ProtocolEvent) => void | Promise<void> = () => undefined
  const watcher = new ChainWatcher({
    client,
    database,
    addresses: [
      contracts.jobMarket,
      contracts.disputes,
      contracts.demands,
      contracts.stakeManager,
      contracts.offers,
      contracts.sealedAuctions,
      contracts.auditManager,
      contracts.attestations,
    ],
    abi: watchedAbi,
    logger,
    metrics,
    fromBlock: addressBook.deployBlock,
    onEvent: async (event) => {
      if (event.eventName === 'EndpointSet')
        endpoints.set(event.args.providerId, trim(event.args.endpoint))
      await deliver(event)
    },
  })
  for (const { providerId, endpoint } of await getProviders(client))
    endpoints.set(providerId, trim(endpoint))

  const controller = new AbortController()
  const now = () => {
    if (watcher.head === undefined)
      throw new LynodeError('LY-CHAIN-002', {
        shortMessage: 'no block was read yet',
      })
    return Number(watcher.head.timestamp)
  }
  const relay = new Relay({
    client,
    store: new RelayStore(database),
    peers: () => config.relays.map(trim).filter((url) => url !== ownUrl),
    now,
    logger,
    signal: controller.signal,
  })
  const quotes: Quotes = { answer: undefined }
  const server = await startDataServer({
    routes: relayRoutes(relay).route('/', quoteRoutes(quotes)),
    blobs,
    reader,
    documents,
    host: config.host,
    port: config.port,
    limits: {
      requestsPerSecond: config.peerRequests,
      bytesPerSecond: config.peerMiB * 2 ** 20,
      connections: config.peerConnections,
    },
    admit: (bytes) => budget.admit(bytes),
    health: () => ({
      role,
      account: account.address,
      block: watcher.head === undefined ? null : Number(watcher.head.number),
    }),
  })
  ownUrl = server.url
  const since = Math.floor(Date.now() / 1_000)
  metrics.build.set({ version, node: process.version }, 1)
  metrics.upSince.set(since)
  const pulse = { read: 0, moved: 0 }
  let newest: Hex | undefined
  const self: DaemonSelf = { draining: false, status: () => ({}) }
  const unready = () => unreadyReasons(pulse, self.draining)
  const monitor = await startMonitor({
    host: config.monitorHost,
    port: config.monitorPort,
    metrics: metrics.text,
    unready,
    status: async () => ({
      schema: 1,
      role,
      version,
      pid: process.pid,
      since,
      account: account.address,
      endpoint: server.url,
      draining: self.draining,
      ready: unready().length === 0,
      unready: unready(),
      chain: {
        id: addressBook.chainId,
        block: watcher.head && Number(watcher.head.number),
        time: watcher.head && Number(watcher.head.timestamp),
      },
      wallet: walletJson(wallet),
      transactions: outbox.pending(),
      ...(await self.status()),
    }),
  })
  writeRunFile(dataDir, {
    pid: process.pid,
    role,
    endpoint: server.url,
    monitor: monitor.url,
  })
  outbox.resume()
  const epochs = new EpochKeeper({
    client,
    outbox,
    logger,
    now,
    patienceSeconds: role === 'verifier' ? 0 : providerPatience,
  })

  let loops: Promise<void>[] = []
  return {
    config,
    account,
    client,
    contracts,
    database,
    logger,
    metrics,
    blobs,
    documents,
    reader,
    layers,
    pins,
    blobClient,
    models,
    runner,
    profiles: new ProfileAdmission({ runner, database, logger }),
    outbox,
    epochs,
    server,
    monitor,
    self,
    relay,
    quotes,
    watcher,
    signal: controller.signal,
    endpointOf: (providerId) => endpoints.get(providerId) ?? '',
    now,
    run({ onEvent, work }) {
      deliver = onEvent
      const shared = { logger, metrics, signal: controller.signal }
      loops = [
        runLoop({
          name: 'chain',
          intervalMs: config.pollMs,
          turn: async () => {
            await watcher.turn()
            pulse.read = Date.now() / 1_000
            const hash = watcher.head?.hash
            if (hash !== newest) pulse.moved = pulse.read
            newest = hash
            metrics.headAge.set(pulse.read - now())
            await work()
          },
          ...shared,
        }),
        runLoop({
          name: 'wallet',
          intervalMs: walletMs,
          turn: () => wallet.turn(),
          ...shared,
        }),
        runLoop({
          name: 'disk',
          intervalMs: diskPauseMs,
          turn: async () => {
            const gone = await budget.turn()
            if (gone > 0)
              logger.info({ event: 'disk.evicted', files: gone }, 'evicted')
          },
          ...shared,
        }),
        runLoop({
          name: 'relay',
          intervalMs: config.relayPollMs,
          // What a relay gives is judged by the time of the chain.
          turn: async () => {
            if (watcher.head !== undefined) await relay.turn()
          },
          ...shared,
        }),
      ]
    },
    async close(drain) {
      controller.abort()
      await Promise.all(loops)
      await drain()
      await epochs.stop()
      await outbox.stop()
      await runner.close()
      await server.close()
      await monitor.close()
      removeRunFile(dataDir)
      database.close()
      lock.release()
      logger.info({ event: 'stopped' }, 'stopped')
    },
  }
}

/** @throws LynodeError `LY-CHAIN-001` for another chain than the address book's. */
async function checkChain(client: PublicClient, chainId: number): Promise<Hex> {
  let actual: number
  try {
    actual = await client.getChainId()
  } catch (cause) {
    throw new LynodeError('LY-CHAIN-003', {
      shortMessage: `no chain: ${errorText(cause)}`,
      cause,
    })
  }
  if (actual !== chainId)
    throw new LynodeError('LY-CHAIN-001', {
      shortMessage: `the RPC endpoint serves chain ${actual}, the address book is of ${chainId}`,
    })
  return (await client.getBlock({ blockNumber: 0n })).hash
}

function walletJson({ state }: Wallet): Record<string, unknown> | undefined {
  if (state === undefined) return undefined
  const { balanceWei, runwaySeconds, provider } = state
  return {
    balanceWei: String(balanceWei),
    runwaySeconds,
    provider: provider && {
      id: provider.providerId,
      stakeWei: String(provider.stake),
      delegatedWei: String(provider.delegated),
      capacityWei: String(provider.capacity),
      reservedWei: String(provider.reserved),
      jailedUntil: provider.jailedUntil,
    },
  }
}

function trim(url: string): string {
  return url.replace(/\/+$/, '')
}
