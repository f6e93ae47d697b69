import { join } from 'node:path'
import {
  BlobStore,
  type Daemon,
  type ExecutionMode,
  errorText,
  type ModelFile,
  nativeAgrees,
  runSegment,
  runStep,
  stepInputs,
  traceStep,
} from '@lynode/runtime'
import {
  byteLength,
  type Hex,
  type InputsDocument,
  LynodeError,
} from '@lynode/sdk'
import { refusalOf } from './refusalOf.js'

/** Carried steps that are run twice before a model with segments is taken. */
const testedSteps = 4

/** How long a model that failed is not run again, whoever orders it. */
const refusedMs = 600_000

/** What a machine has shown about a model. */
export type ModelTest = {
  /** Seconds of one fast step, the first one included. */
  stepSeconds: number
  /** How this machine executes the model. */
  mode: ExecutionMode
}

/**
 * Before the first lock of a model: runs steps fast and traced and compares the
 * bits (DESIGN section 5). Where native runs agree, the model is executed
 * natively, otherwise plainly. A provider whose plain runs differ too could not
 * open what it committed to, so it must not lock.
 */
export class ModelTests {
  readonly #daemon: Daemon
  readonly #tests = new Map<Hex, Promise<ModelTest>>()
  readonly #known = new Map<Hex, ModelTest>()

  constructor(daemon: Daemon) {
    this.#daemon = daemon
  }

  /**
   * @throws LynodeError `LY-MODEL-003` when the runs differ, `LY-MODEL-004` when
   * a trace would not fit into the runner's memory, `LY-MODEL-006` when the kernels
   * do not keep the model's numeric profile.
   */
  test(model: ModelFile, inputs: InputsDocument): Promise<ModelTest> {
    const { modelId } = model.manifest
    const running = this.#tests.get(modelId) ?? this.#test(model, inputs)
    this.#tests.set(modelId, running)
    running.catch((error: unknown) => {
      // A failure of the model costs its time and memory once, not once an order.
      const waitMs = refusalOf(error) === undefined ? 0 : refusedMs
      setTimeout(() => this.#tests.delete(modelId), waitMs).unref()
    })
    return running
  }

  /** What a test that has ended has shown. */
  known(modelId: Hex): ModelTest | undefined {
    return this.#known.get(modelId)
  }

  async #test(model: ModelFile, inputs: InputsDocument): Promise<ModelTest> {
    const { config, runner, reader, logger, profiles } = this.#daemon
    const { manifest } = model
    await profiles.require(manifest)
    const traceBytes = manifest.values.reduce(
      (total, { kind, type }) =>
        kind === 'weight' || kind === 'derived'
          ? total
          : total + byteLength(type),
      0,
    )
    // All activations are alive at once, and one more copy of each in turn.
    if (traceBytes * 3 > config.memoryMiB * 2 ** 20)
      throw new LynodeError('LY-MODEL-004', {
        shortMessage: `a trace of the model has ${traceBytes} bytes`,
      })
    const spool = new BlobStore(
      join(config.dataDir, 'tests', manifest.modelId.slice(2)),
    )
    try {
      const options = {
        runner,
        model,
        inputs: stepInputs(manifest, inputs, 0, undefined),
        reader,
        spool: spool.folder,
      }
      let mode: ExecutionMode = (await this.#native(model, spool.folder))
        ? 'native'
        : 'plain'
      let fast = await runStep({ ...options, mode })
      let traced = await traceStep({ ...options, mode })
      const differ = () =>
        JSON.stringify(fast.result) !== JSON.stringify(traced.result)
      if (mode === 'native' && differ()) {
        mode = 'plain'
        fast = await runStep(options)
        traced = await traceStep(options)
      }
      if (differ())
        throw new LynodeError('LY-MODEL-003', {
          shortMessage: 'the traced run gives other bits',
        })
      const { loadMs, runMs, commitMs, storeMs } = fast.timings
      const stepSeconds =
        (await this.#replayed(model, inputs, spool.folder, mode)) ??
        (loadMs + runMs + commitMs + storeMs) / 1_000
      logger.info(
        {
          event: 'model.tested',
          modelId: manifest.modelId,
          mode,
          stepSeconds,
          traceSeconds:
            (traced.timings.runMs +
              traced.timings.commitMs +
              traced.timings.storeMs) /
            1_000,
          traceBytes,
        },
        'model tested',
      )
      this.#known.set(manifest.modelId, { stepSeconds, mode })
      return { stepSeconds, mode }
    } finally {
      await spool.remove()
    }
  }

  /** How to execute a model; plainly, which is always right, until it was tested. */
  modeOf(modelId: Hex): ExecutionMode {
    return this.#known.get(modelId)?.mode ?? 'plain'
  }

  async #native(model: ModelFile, spool: string): Promise<boolean> {
    const { runner, logger } = this.#daemon
    try {
      return await nativeAgrees({ runner, model, spool })
    } catch (error) {
      logger.warn(
        { event: 'model.native', error: errorText(error) },
        'the model does not run natively',
      )
      return false
    }
  }

  /**
   * Runs a few carried steps twice: a machine whose replay of a segment gives
   * other bits could not open its own states (B8).
   *
   * @returns Seconds of a step; `undefined` where segments are single steps.
   */
  async #replayed(
    model: ModelFile,
    inputs: InputsDocument,
    spool: string,
    mode: ExecutionMode,
  ): Promise<number | undefined> {
    const { segment } = model.manifest.header
    const steps = inputs.steps.slice(0, Math.min(segment, testedSteps))
    if (steps.length < 2) return undefined
    const { runner, reader } = this.#daemon
    const run = () =>
      runSegment({
        runner,
        model,
        inputs: { ...inputs, steps },
        index: 0,
        before: undefined,
        reader,
        spool,
        mode,
      })
    const [first, second] = [await run(), await run()]
    if (JSON.stringify(first.steps) !== JSON.stringify(second.steps))
      throw new LynodeError('LY-MODEL-003', {
        shortMessage: 'the same steps give other bits when they run again',
      })
    const { runMs, commitMs, storeMs } = second.timings
    return (runMs + commitMs + storeMs) / steps.length / 1_000
  }
}
