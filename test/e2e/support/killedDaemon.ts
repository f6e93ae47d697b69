import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DaemonProcess, Devnet } from 'lynode/devnet'
import { createTestClient, http } from 'viem'

export type KilledDaemonOptions = {
  net: Devnet
  role: 'provider' | 'verifier'
  /** Points at which it may die; all by default. */
  only?: RegExp | undefined
  minPrice?: string | undefined
}

/** Deaths of one round; the rest runs through, but for what comes once. */
const mostDeaths = 10

/**
 * A daemon of a devnet that dies at every point of `killedDaemon.mjs` once and is
 * started again each time. The chain's clock stands still while it is down: what
 * is asked is what it lost, and not how long a restart takes on this machine.
 */
export class KilledDaemon {
  readonly #options: KilledDaemonOptions
  readonly #control: string
  readonly #port: number
  #current: DaemonProcess | undefined
  #life: Promise<void> | undefined
  #stopped = false
  #deaths = 0

  private constructor(options: KilledDaemonOptions, port: number) {
    this.#options = options
    this.#port = port
    this.#control = join(options.net.folder, `${options.role}.kill`)
  }

  /** Takes the place of the running daemon of its role, with its data. */
  static async replace(options: KilledDaemonOptions): Promise<KilledDaemon> {
    const { net, role } = options
    const before = net.daemons.filter((one) => one.role === role).at(-1)
    if (before === undefined) throw new Error(`no ${role}`)
    await before.stop()
    const daemon = new KilledDaemon(
      options,
      Number(new URL(before.endpoint).port),
    )
    // A block is a second, however long the chain stood still before it.
    await daemon.#chain().setBlockTimestampInterval({ interval: 1 })
    daemon.#life = daemon.#live()
    daemon.#life.catch(() => undefined) // awaited by `stop`
    return daemon
  }

  /** Where it died, in order. */
  get killed(): string[] {
    return this.#lines('killed')
  }

  /** Every point that it came to, in order. */
  get seen(): string[] {
    return [...new Set(this.#lines('seen'))].filter((point) =>
      (this.#options.only ?? /^/).test(point),
    )
  }

  /** A round begins: it may die again. */
  async rearm(): Promise<void> {
    this.#deaths = 0
    // The points of a process are armed when it starts.
    const { process } = await this.ready()
    const exited = once(process, 'exit')
    process.kill('SIGKILL')
    await exited
    await this.ready()
  }

  /** Resolves when it runs. @throws what ended it for good. */
  async ready(): Promise<DaemonProcess> {
    for (;;) {
      if (this.#current !== undefined) return this.#current
      await Promise.race([
        this.#life,
        new Promise((resolve) => setTimeout(resolve, 50)),
      ])
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#current?.stop()
    await this.#life
  }

  async #live(): Promise<void> {
    const { net, role, only = /^/, minPrice } = this.#options
    while (!this.#stopped) {
      await this.#chain().setIntervalMining({ interval: 0 })
      const before = this.killed.length
      writeFileSync(
        this.#control,
        JSON.stringify({
          role,
          armed: this.#deaths < mostDeaths,
          only: only.source,
          killed: this.killed,
        }),
      )
      process.env['LYNODE_KILL_CONTROL'] = this.#control
      const started = await net
        .startDaemon({
          name: role,
          role,
          account: role,
          port: this.#port,
          minPrice,
          program: fileURLToPath(new URL('killedDaemon.mjs', import.meta.url)),
        })
        .catch((error: unknown) => {
          // It may die before it is ready, and of nothing else.
          if (this.killed.length === before) throw error
        })
      if (started !== undefined) {
        this.#current = started
        await this.#chain().setIntervalMining({ interval: 1 })
        if (started.process.exitCode === null && !started.process.signalCode)
          await once(started.process, 'exit')
        this.#current = undefined
      }
      this.#deaths += this.killed.length - before
    }
    await this.#chain().setIntervalMining({ interval: 1 })
  }

  #chain() {
    return createTestClient({
      mode: 'anvil',
      transport: http(this.#options.net.rpcUrl),
    })
  }

  #lines(what: 'killed' | 'seen'): string[] {
    const file = `${this.#control}.${what}`
    if (!existsSync(file)) return []
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  }
}
