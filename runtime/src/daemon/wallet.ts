import {
  getProvider,
  type LynodeReader,
  type Provider,
  stakeManagerAbi,
} from '@lynode/sdk'
import type { Address, PublicClient } from 'viem'
import type { Metrics } from '../metrics/metrics.js'

/** Spending older than this says nothing about the next hours. */
const windowMs = 6 * 3_600_000

/** No rate of spending is told from less than this. */
const leastMs = 60_000

/** What the chain says about a daemon's account. */
export type WalletState = {
  /** Gas money of the hot key. */
  balanceWei: bigint
  /** Seconds until it is spent at the pace of the last hours; unknown before anything was spent. */
  runwaySeconds: number | undefined
  /** The provider or verifier that the hot key acts for, if it is registered. */
  provider: Provider | undefined
}

/**
 * Watches the hot key's gas money and the stake behind it: a daemon without gas
 * money cannot answer a demand, and loses its stake for a lack of small change.
 */
export class Wallet {
  readonly #client: PublicClient & LynodeReader
  readonly #address: Address
  readonly #metrics: Metrics
  readonly #now: () => number
  readonly #since: number
  #spent: { at: number; wei: bigint }[] = []
  #state: WalletState | undefined

  constructor(options: {
    client: PublicClient & LynodeReader
    address: Address
    metrics: Metrics
    /** Wall clock in milliseconds. */
    now?: (() => number) | undefined
  }) {
    this.#client = options.client
    this.#address = options.address
    this.#metrics = options.metrics
    this.#now = options.now ?? Date.now
    this.#since = this.#now()
  }

  /** What was read last. */
  get state(): WalletState | undefined {
    return this.#state
  }

  /** Takes down what a transaction cost. */
  spend(wei: bigint): void {
    this.#spent.push({ at: this.#now(), wei })
  }

  /** Reads the chain. */
  async turn(): Promise<void> {
    const client = this.#client
    const idOf = (functionName: 'providerIdOf' | 'verifierIdOf') =>
      client.readContract({
        address: client.addressBook.contracts.stakeManager,
        abi: stakeManagerAbi,
        functionName,
        args: [this.#address],
      })
    const [balanceWei, provides, verifies] = await Promise.all([
      client.getBalance({ address: this.#address }),
      idOf('providerIdOf'),
      idOf('verifierIdOf'),
    ])
    const providerId = provides || verifies
    const provider =
      providerId === 0 ? undefined : await getProvider(client, { providerId })
    const runwaySeconds = this.#runway(balanceWei)
    this.#state = { balanceWei, runwaySeconds, provider }
    const { walletBalance, walletRunway, stake } = this.#metrics
    walletBalance.set(Number(balanceWei))
    walletRunway.set(runwaySeconds ?? Number.POSITIVE_INFINITY)
    if (provider === undefined) return
    stake.set({ state: 'own' }, Number(provider.stake))
    stake.set({ state: 'thawing' }, Number(provider.thawing))
    stake.set({ state: 'delegated' }, Number(provider.delegated))
    stake.set({ state: 'reserved' }, Number(provider.reserved))
    stake.set(
      { state: 'free' },
      Number(max(provider.capacity - provider.reserved, 0n)),
    )
  }

  #runway(balanceWei: bigint): number | undefined {
    const now = this.#now()
    this.#spent = this.#spent.filter(({ at }) => at > now - windowMs)
    const wei = this.#spent.reduce((sum, one) => sum + one.wei, 0n)
    const ms = Math.min(now - this.#since, windowMs)
    if (wei === 0n || ms < leastMs) return undefined
    return Number((balanceWei * BigInt(Math.round(ms))) / wei) / 1_000
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
