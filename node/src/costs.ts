import type { Daemon, LoadedModel } from '@lynode/runtime'
import {
  checkModel,
  type Hex,
  type InputsDocument,
  type Order,
} from '@lynode/sdk'
import { measureFlops } from './benchmark.js'
import type { ModelTests } from './modelTests.js'
import type { ProvedJobs } from './provedJobs.js'

/**
 * How much longer than its operations at the benchmark's speed a model may take:
 * the benchmark does nothing but large matrix products.
 */
const slack = 3

/** How much faster than the benchmark nothing runs here. */
const fastest = 8

/** What a step of a model takes on this machine. */
export class Costs {
  readonly #daemon: Pick<Daemon, 'runner' | 'logger'>
  readonly #tests: ModelTests
  readonly #proved: Pick<ProvedJobs, 'test' | 'refusal'>
  readonly #flops = new Map<Hex, number>()
  #speed: Promise<number> | undefined

  constructor(
    daemon: Pick<Daemon, 'runner' | 'logger'>,
    tests: ModelTests,
    proved: Pick<ProvedJobs, 'test' | 'refusal'>,
  ) {
    this.#daemon = daemon
    this.#tests = tests
    this.#proved = proved
  }

  /** Seconds of a step as measured, by the self-test that precedes every lock. */
  async measured(model: LoadedModel, inputs: InputsDocument): Promise<number> {
    return (await this.#tests.test(model, inputs)).stepSeconds
  }

  /** Seconds of proving a step, as measured before every lock of class zk. */
  async proving(model: LoadedModel, inputs: InputsDocument): Promise<number> {
    return (await this.#proved.test(model, inputs)).stepSeconds
  }

  /** Why a job of class zk could not be proved; `undefined` if it can. */
  refusal(
    model: LoadedModel,
    inputs: InputsDocument,
    order: Pick<Order, 'inputRoot' | 'steps'>,
  ): Promise<string | undefined> {
    return this.#proved.refusal(model, inputs, order)
  }

  /**
   * Seconds that a step takes at least, from the model's operations alone: what
   * cannot be done in time is refused before it runs.
   */
  async least(model: LoadedModel): Promise<number> {
    if (this.#tests.known(model.manifest.modelId) !== undefined) return 0
    return (
      (await this.#flopsOf(model)) / (fastest * (await this.#flopsPerSecond()))
    )
  }

  /** Seconds of a step: as measured, or the benchmark and the model's operations. */
  async estimated(model: LoadedModel): Promise<number> {
    const { modelId } = model.manifest
    const known = this.#tests.known(modelId)
    if (known !== undefined) return known.stepSeconds
    return (
      (slack * (await this.#flopsOf(model))) / (await this.#flopsPerSecond())
    )
  }

  async #flopsOf(model: LoadedModel): Promise<number> {
    const { modelId } = model.manifest
    const flops =
      this.#flops.get(modelId) ?? checkModel(await model.bytes()).flops
    this.#flops.set(modelId, flops)
    return flops
  }

  #flopsPerSecond(): Promise<number> {
    this.#speed ??= measureFlops(this.#daemon.runner).then((speed) => {
      this.#daemon.logger.info(
        { event: 'machine.measured', gflops: speed / 1e9 },
        'machine measured',
      )
      return speed
    })
    this.#speed.catch(() => {
      this.#speed = undefined // measured again for the next model
    })
    return this.#speed
  }
}
