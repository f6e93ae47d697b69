import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  approveToken,
  type CreateLynodeClientReturnType,
  createLynodeClient,
  deposit,
  depositCommitted,
  LynodeError,
  setEndpoint,
} from '@lynode/sdk'
import { createTestClient, erc20Abi, type Hex, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { waitForTransactionReceipt, writeContract } from 'viem/actions'
import { lynodeChain } from '../network/connect.js'
import { type DevnetFile, devnetPath } from '../network/networkFile.js'
import type { Step } from '../output/runSteps.js'
import { buildProtocol, deployProtocol } from './deployProtocol.js'
import {
  type DevnetAccount,
  type DevnetRole,
  devnetAccounts,
} from './devnetAccounts.js'
import { enrolProvider } from './enrolProvider.js'
import { type LocalChain, startChain } from './startChain.js'
import { type DaemonProcess, startDaemon } from './startDaemon.js'
import { type IndexerProcess, startIndexer } from './startIndexer.js'
import { type Oracle, startOracle } from './startOracle.js'
import { writeConfig } from './writeConfig.js'

export type DevnetOptions = {
  /** Folder that receives `.lynode/`; the current one by default. */
  folder?: string | undefined
  /** Ports; 0 takes any free one. */
  port?: number | undefined
  providerPort?: number | undefined
  verifierPort?: number | undefined
  /** Least price of the provider in LYN; 0 by default. */
  minPrice?: string | undefined
  /** Whether an indexer runs beside it; none unless asked for. */
  indexer?: boolean | undefined
  indexerPort?: number | undefined
  /** Whether requests for random words are answered; they are by default. */
  oracle?: boolean | undefined
  /** More settings of the provider's configuration file. */
  providerSettings?: Readonly<Record<string, unknown>> | undefined
  /** More settings of the verifier's configuration file. */
  verifierSettings?: Readonly<Record<string, unknown>> | undefined
  /** Called with each line of the verifier's log. */
  onVerifierLog?: ((entry: Record<string, unknown>) => void) | undefined
}

/** LYN of each account, as the local profile has it. */
const balance = parseEther('1000000')
const providerStake = parseEther('100000')
const verifierStake = parseEther('100000')

/** A network of this machine alone, with everything that belongs to one. */
export class Devnet {
  readonly accounts: Record<DevnetRole, DevnetAccount> = devnetAccounts()
  /** `.lynode` of the folder. */
  readonly folder: string
  /** The honest provider's id. */
  providerId = 0
  /** The verifier's id. */
  verifierId = 0
  readonly #options: DevnetOptions
  readonly #daemons: DaemonProcess[] = []
  #chain: LocalChain | undefined
  #indexer: IndexerProcess | undefined
  #oracle: Oracle | undefined
  #stopping = false
  #clients: Partial<Record<DevnetRole, CreateLynodeClientReturnType>> = {}
  #addressBook: CreateLynodeClientReturnType['addressBook'] | undefined

  constructor(options: DevnetOptions = {}) {
    this.#options = options
    this.folder = join(resolve(options.folder ?? '.'), '.lynode')
  }

  /** What starting takes, in order; `buildStep` belongs before it. */
  steps(): Step[] {
    return [
      { title: 'Start a chain', run: () => this.#startChain() },
      { title: 'Deploy the contracts', run: () => this.#deploy() },
      { title: 'Fund the accounts', run: () => this.#fund() },
      { title: 'Start a provider', run: () => this.#startProvider() },
      { title: 'Start a verifier', run: () => this.#startVerifier() },
      { title: 'Start the clock', run: () => this.startClock() },
      ...(this.#options.indexer
        ? [{ title: 'Start an indexer', run: () => this.startIndexer() }]
        : []),
    ]
  }

  /**
   * From now on a block comes every second, as on any chain; until then every
   * transaction has one at once.
   */
  async startClock(): Promise<string> {
    await createTestClient({
      mode: 'anvil',
      transport: http(this.rpcUrl),
    }).setIntervalMining({ interval: 1 })
    return 'Blocks every second'
  }

  /** Starts an indexer, which catches up by itself. */
  async startIndexer(): Promise<string> {
    this.#indexer = await startIndexer({
      rpcUrl: this.rpcUrl,
      addressBook: this.addressBookPath,
      folder: join(this.folder, 'indexer'),
      port: this.#options.indexerPort,
    })
    await this.#endIfStopping(this.#indexer)
    return `Indexer at ${this.#indexer.url}, which is catching up`
  }

  /** Base URL of the indexer; undefined without one. */
  get indexerUrl(): string | undefined {
    return this.#indexer?.url
  }

  get rpcUrl(): string {
    return started(this.#chain).rpcUrl
  }

  get addressBookPath(): string {
    return join(this.folder, 'addresses.json')
  }

  get daemons(): readonly DaemonProcess[] {
    return this.#daemons
  }

  /** A client that acts for one of the accounts. */
  client(role: DevnetRole): CreateLynodeClientReturnType {
    const { rpcUrl, chainId } = started(this.#chain)
    this.#clients[role] ??= createLynodeClient({
      chain: lynodeChain(chainId, rpcUrl),
      transport: http(rpcUrl),
      account: privateKeyToAccount(this.accounts[role].privateKey),
      addressBook: started(this.#addressBook),
      pollingIntervalMs: 100,
    })
    return this.#clients[role]
  }

  /** Starts one more daemon; `stop` ends it with the others. */
  async startDaemon(parameters: {
    name: string
    role: 'provider' | 'verifier'
    account: DevnetRole
    port?: number | undefined
    minPrice?: string | undefined
    /** More settings of its configuration file. */
    settings?: Readonly<Record<string, unknown>> | undefined
    program?: string | undefined
    onLog?: ((entry: Record<string, unknown>) => void) | undefined
  }): Promise<DaemonProcess> {
    const { name, role, account, program, onLog } = parameters
    const folder = join(this.folder, name)
    const config = writeConfig(folder, {
      rpc: this.rpcUrl,
      addressBook: this.addressBookPath,
      port: parameters.port ?? 0,
      minPrice: parameters.minPrice,
      sources: this.#daemons
        .filter((daemon) => daemon.role === 'provider')
        .map((daemon) => daemon.endpoint),
      relays: this.#daemons.map((daemon) => daemon.endpoint),
      ...parameters.settings,
    })
    const daemon = await startDaemon({
      role,
      program,
      config,
      key: this.accounts[account].privateKey,
      logFile: join(folder, 'log.jsonl'),
      onLog,
    })
    this.#daemons.push(daemon)
    await this.#endIfStopping(daemon)
    return daemon
  }

  /** Writes `.lynode/devnet.json`, by which the other commands find this. */
  writeNetworkFile(): string {
    const path = join(this.folder, '..', devnetPath)
    const network: DevnetFile = {
      version: 1,
      pid: process.pid,
      rpcUrl: this.rpcUrl,
      addressBook: 'addresses.json',
      dataServers: this.#daemons
        .filter((daemon) => daemon.role === 'provider')
        .map((daemon) => daemon.endpoint),
      relays: this.#daemons.map((daemon) => daemon.endpoint),
      ...(this.#indexer ? { indexer: this.#indexer.url } : {}),
      tokens: {},
      accounts: Object.values(this.accounts),
    }
    writeFileSync(path, `${JSON.stringify(network, null, 2)}\n`)
    return path
  }

  /** Ends every process that was started, the chain last. */
  async stop(): Promise<void> {
    this.#stopping = true
    rmSync(join(this.folder, 'devnet.json'), { force: true })
    await Promise.all(
      [...this.#daemons, this.#indexer, this.#oracle].map((part) =>
        part?.stop(),
      ),
    )
    await this.#chain?.stop()
  }

  /** What was still starting when everything was stopped ends by itself. */
  async #endIfStopping(part: { stop(): Promise<void> }): Promise<void> {
    if (!this.#stopping) return
    await part.stop()
    throw new LynodeError('LY-NET-003', { details: 'it was stopped meanwhile' })
  }

  async #startChain(): Promise<string> {
    // What an earlier network left belongs to a chain that is gone.
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    this.#chain = await startChain({ port: this.#options.port })
    await this.#endIfStopping(this.#chain)
    return `Chain ${this.#chain.chainId} at ${this.#chain.rpcUrl}`
  }

  async #deploy(): Promise<string> {
    const { addressBook, json } = await deployProtocol(
      this.rpcUrl,
      this.accounts.deployer.privateKey,
    )
    writeFileSync(this.addressBookPath, json)
    this.#addressBook = addressBook
    if (this.#options.oracle !== false)
      this.#oracle = startOracle({ client: this.client('oracle') })
    return `Contracts deployed, address book at ${this.addressBookPath}`
  }

  /** Every account gets LYN; those who pay or demand get a ledger balance. */
  async #fund(): Promise<string> {
    const deployer = this.client('deployer')
    const { lynToken: token, ledger } = deployer.addressBook.contracts
    const names = Object.keys(this.accounts) as DevnetRole[]
    for (const name of names) {
      if (name === 'deployer') continue
      const hash = await writeContract(deployer, {
        address: token,
        abi: erc20Abi,
        functionName: 'transfer',
        args: [this.accounts[name].address, balance],
      })
      await waitForTransactionReceipt(deployer, { hash })
    }
    const requester = this.client('requester')
    // The pool that pays audits; what orders bring comes later.
    await this.#giveFree(
      'deployer',
      parseEther('1000'),
      deployer.addressBook.contracts.auditManager,
    )
    await Promise.all([
      this.#giveFree('verifier', parseEther('10000')),
      this.#giveFree('provider', parseEther('10000')),
      (async () => {
        const amount = parseEther('10000')
        await approveToken(requester, { token, spender: ledger, amount })
        await depositCommitted.sync(requester, { token, amount })
      })(),
    ])
    return 'Accounts funded with 1,000,000 LYN each'
  }

  /** Free ledger balance, out of which bonds are paid. */
  async #giveFree(
    role: DevnetRole,
    amount: bigint,
    to: Hex = this.accounts[role].address,
  ): Promise<void> {
    const client = this.client(role)
    const { lynToken: token, ledger } = client.addressBook.contracts
    await approveToken(client, { token, spender: ledger, amount })
    await deposit.sync(client, { token, to, amount })
  }

  async #startProvider(): Promise<string> {
    const owner = this.client('provider-owner')
    this.providerId = await enrolProvider(owner, {
      hot: this.client('provider'),
      endpoint: '',
      stake: providerStake,
    })
    const daemon = await this.startDaemon({
      name: 'provider',
      role: 'provider',
      account: 'provider',
      port: this.#options.providerPort,
      minPrice: this.#options.minPrice,
      settings: this.#options.providerSettings,
    })
    await setEndpoint.sync(owner, {
      providerId: this.providerId,
      endpoint: daemon.endpoint,
    })
    return `Provider ${this.providerId} at ${daemon.endpoint}`
  }

  async #startVerifier(): Promise<string> {
    const owner = this.client('verifier-owner')
    this.verifierId = await enrolProvider(owner, {
      hot: this.client('verifier'),
      endpoint: '',
      stake: verifierStake,
      role: 'verifier',
    })
    const daemon = await this.startDaemon({
      name: 'verifier',
      role: 'verifier',
      account: 'verifier',
      port: this.#options.verifierPort,
      settings: this.#options.verifierSettings,
      onLog: this.#options.onVerifierLog,
    })
    await setEndpoint.sync(owner, {
      providerId: this.verifierId,
      endpoint: daemon.endpoint,
    })
    return `Verifier ${this.verifierId} at ${daemon.endpoint}`
  }
}

/** Builds the contracts; only the first time takes long. */
export function buildStep(): Step {
  return {
    title: 'Build the contracts (cached after the first time)',
    async run(report) {
      await buildProtocol(report)
      return 'Contracts built'
    },
  }
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the devnet has not been started')
  return value
}
