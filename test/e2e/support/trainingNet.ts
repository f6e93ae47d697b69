import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Runner } from '@lynode/runtime'
import { getBalance, getProvider } from '@lynode/sdk'
import { Devnet, type Oracle } from 'lynode/devnet'
import { expect } from 'vitest'
import { HostileProvider, type Hostility } from './hostileProvider.js'
import { sampleNone } from './sampleNone.js'
import { startWithOracle } from './startWithOracle.js'

const kinds = {
  truthful: { serves: 'everything', answers: 'what it committed to' },
  bare: { serves: 'nothing', answers: 'what it committed to' },
  silent: { serves: 'nothing', answers: 'nothing' },
} as const satisfies Record<string, Hostility>

/** What those have who did nothing wrong. */
export type Possessions = { stake: bigint; requester: bigint }

/** A devnet on which prepared trainings are sold, with the providers that sell them. */
export class TrainingNet {
  // The honest provider asks for more than anybody pays.
  readonly net: Devnet
  readonly runner = new Runner()
  readonly #folder = mkdtempSync(join(tmpdir(), 'lynode-fraud-'))
  readonly #providers: Record<keyof typeof kinds, HostileProvider[]> = {
    truthful: [],
    bare: [],
    silent: [],
  }
  #oracle: Oracle | undefined
  #ofVerifier = 0n

  constructor() {
    this.net = new Devnet({
      folder: this.#folder,
      oracle: false,
      minPrice: '1000000',
    })
  }

  /** @param count - Providers of each kind. */
  async start(
    count: Partial<Record<keyof typeof kinds, number>>,
  ): Promise<void> {
    const { net } = this
    const steps = net.steps().slice(0, 5)
    // An audit might void what is withheld before a demand is over (A7).
    this.#oracle = await startWithOracle(net, sampleNone, steps)
    // Before the clock starts a transaction has its block at once.
    for (const kind of ['truthful', 'bare', 'silent'] as const)
      while (this.#providers[kind].length < (count[kind] ?? 0))
        this.#providers[kind].push(
          await HostileProvider.enrol(net, kinds[kind]),
        )
    this.#ofVerifier = await this.#free()
    await net.startClock()
  }

  async stop(): Promise<void> {
    await this.#oracle?.stop()
    await this.net.stop()
    await this.runner.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** A folder for one execution. */
  spool(): string {
    return mkdtempSync(join(this.#folder, 'run-'))
  }

  /** One a test, because a conviction jails. */
  take(kind: keyof typeof kinds): HostileProvider {
    const provider = this.#providers[kind].pop()
    if (provider === undefined) throw new Error('too few were enrolled')
    return provider
  }

  async possessions(): Promise<Possessions> {
    const client = this.net.client('requester')
    const { providerId } = this.net
    const { stake } = await getProvider(client, { providerId })
    const { free, committed } = await getBalance(client, {
      token: client.addressBook.contracts.lynToken,
      account: client.account.address,
    })
    return { stake, requester: free + committed }
  }

  /** The requester has its money back, and nobody touched the honest provider's stake. */
  async expectWhole(before: Possessions): Promise<void> {
    expect(await this.possessions()).toEqual(before)
  }

  /** The verifier has its bonds back, and what convictions bring. */
  async expectVerifierPaid(): Promise<void> {
    await expect
      .poll(() => this.#free(), { timeout: 30_000 })
      .toBeGreaterThan(this.#ofVerifier)
  }

  /** What the verifier can spend: its bonds are paid out of it. */
  async #free(): Promise<bigint> {
    const client = this.net.client('verifier')
    const { free } = await getBalance(client, {
      token: client.addressBook.contracts.lynToken,
      account: client.account.address,
    })
    return free
  }
}
