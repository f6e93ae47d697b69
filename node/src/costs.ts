import type { Daemon, LoadedModel } from '@lynode/runtime'
import { checkModel, type Hex, type InputsDocument } from '@lynode/sdk'
import { measureFlops } from './benchmark.js'
import type { ModelTests } from './modelTests.js'

/**
 * How much longer than its operations at the benchmark's speed a model may take:
 * the benchmark does nothing but large matrix products.
 */
const slack = 3

/** What a step of a model takes on this machine. */
export class Costs {
  readonly #daemon: Pick<Daemon, 'runner' | 'logger'>
  readonly #tests: ModelTests
  readonly #flops = new Map<Hex, number>()
  #speed: Promise<number> | undefined

  constructor(daemon: Pick<Daemon, 'runner' | 'logger'>, tests: ModelTests) {
    this.#daemon = daemon
    this.#tests = tests
  }

  /** Seconds of a step as measured, by the self-test that precedes every lock. */
  async measured(model: LoadedModel, inputs: InputsDocument): Promise<number> {
    return (await this.#tests.test(model, inputs)).stepSeconds
  }

  /** Seconds of a step: as measured, or the benchmark and the model's operations. */
  async estimated(model: LoadedModel): Promise<number> {
    const { modelId } = model.manifest
    const known = this.#tests.known(modelId)
    if (known !== undefined) return known.stepSeconds
    const flops =
      this.#flops.get(modelId) ?? checkModel(await model.bytes()).flops
    this.#flops.set(modelId, flops)
    return (slack * flops) / (await this.#flopsPerSecond())
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
