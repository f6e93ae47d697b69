import { nodeSha256 } from '@lynode/runtime'
import {
  findServers,
  getProviders,
  type Hex,
  type LynodeClient,
  LynodeError,
  type NpyArray,
  orderTotal,
  type RunResult,
  runStates,
  toLynodeError,
} from '@lynode/sdk'
import { getBlock } from 'viem/actions'
import type { Budget } from './budget.js'
import type { Funds } from './funds.js'
import type { ServedModel, Wait } from './servedModel.js'

/** What one request buys. */
export type Purchase = {
  model: ServedModel
  inputs: Readonly<Record<string, NpyArray>>
  maxPrice: bigint
  wait: Wait
}

/** Where the gateway buys; the tests of the protocol have one of their own. */
export type Market = {
  buy(purchase: Purchase): Promise<RunResult>
  /** Providers that could take an order now. */
  providers(): Promise<number>
}

/** How long an answer about the providers is kept. */
const providersMs = 5_000

/** The market of a network, paid by one account within a budget. */
export class ChainMarket implements Market {
  readonly #client: LynodeClient
  readonly #budget: Budget
  readonly #funds: Funds
  #known: { at: number; count: Promise<number> } | undefined

  constructor(client: LynodeClient, budget: Budget, funds: Funds) {
    this.#client = client
    this.#budget = budget
    this.#funds = funds
  }

  providers(): Promise<number> {
    const now = performance.now()
    if (this.#known === undefined || now - this.#known.at > providersMs) {
      const count = this.#countProviders()
      this.#known = { at: now, count }
      count.catch(() => {
        this.#known = undefined
      })
    }
    return this.#known.count
  }

  async buy({ model, inputs, maxPrice, wait }: Purchase): Promise<RunResult> {
    let jobId: Hex | undefined
    let release: (() => void) | undefined
    const states = runStates(this.#client, {
      model: model.interface,
      class: model.class,
      inputs,
      maxPrice,
      wait,
      servers: await findServers(this.#client),
      fund: false,
      sha256: nodeSha256,
    })
    try {
      for (;;) {
        const next = await states.next()
        if (next.done === true) return next.value
        const state = next.value
        if (state.type === 'signed') {
          // Invariant: nothing is sent before its money is reserved and held.
          this.#budget.reserve(state.jobId, state.order.maxTotal)
          jobId = state.jobId
          release = await this.#funds
            .hold(state.order.maxTotal)
            .catch((error: unknown) => {
              this.#budget.settle(state.jobId, 0n)
              throw error
            })
        }
        if (state.type === 'locked') {
          release?.()
          this.#budget.settle(state.jobId, orderTotal(state.order, state.price))
        }
      }
    } catch (error) {
      const code = error instanceof LynodeError ? error.code : undefined
      // Its time is over and nobody took it: it costs nothing any more. After
      // any other failure it may still do, so what is reserved stays reserved.
      if (jobId !== undefined && code === 'LY-JOB-001')
        this.#budget.settle(jobId, 0n)
      throw error
    } finally {
      await states.return(undefined as never)
      release?.()
    }
  }

  /** Registered, with an endpoint, not in jail, and stake that is not reserved. */
  async #countProviders(): Promise<number> {
    const [providers, block] = await Promise.all([
      getProviders(this.#client),
      getBlock(this.#client).catch((error: unknown) => {
        throw toLynodeError(error)
      }),
    ])
    return providers.filter(
      ({ role, endpoint, jailedUntil, stake }) =>
        role === 'provider' &&
        endpoint !== '' &&
        stake > 0n &&
        jailedUntil < Number(block.timestamp),
    ).length
  }
}
