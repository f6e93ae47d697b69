import type { Sha256 } from '../hash/sha256.js'
import type {
  InputsDocument,
  ResultDocument,
  TensorDocument,
} from '../job/documents.js'
import { blobRoot } from '../tree/blobRoot.js'
import { type Manifest, type ManifestValue, none } from '../types/manifest.js'
import { workerInput } from './buildAverageStep.js'
import { unfitOptions } from './trainingErrors.js'
import { milestonesOf, type TrainingPlan, workersOf } from './trainingPlan.js'

/** Counters that begin anew with each milestone: the place in its order of batches. */
const restarted = new Set(['row'])

/** The model that a round is averaged with, and how its inputs are hashed. */
export type AverageModel = { manifest: Manifest; sha256?: Sha256 | undefined }

/**
 * Where a plan stands. The inputs of every job follow from the plan and from
 * the roots of settled results alone, so a planner needs no bytes, and anybody
 * can check what it ordered.
 *
 * @example
 * const state = new TrainingState(plan, manifest, undefined)
 */
export class TrainingState {
  readonly #plan: TrainingPlan
  readonly #manifest: Manifest
  readonly #average: AverageModel | undefined
  /** What the last accepted job of each worker carried: its own state. */
  readonly #own: (readonly TensorDocument[] | undefined)[]
  /** Workers of this round that were accepted. */
  readonly #accepted = new Map<number, ResultDocument>()
  #parameters: TensorDocument | undefined
  #momentum: TensorDocument | undefined
  #milestone = 0

  constructor(
    plan: TrainingPlan,
    manifest: Manifest,
    average: AverageModel | undefined,
  ) {
    if ((plan.rounds === undefined) !== (average === undefined))
      throw unfitOptions('a plan with rounds needs the model that averages')
    this.#plan = plan
    this.#manifest = manifest
    this.#average = average
    this.#own = Array.from({ length: workersOf(plan) }, () => undefined)
    this.#momentum = plan.rounds?.momentum
    this.#parameters = plan.rounds && plan.state['parameters']
  }

  /** Inputs of a worker's job of the current milestone. @throws LynodeError LY-TRN-002 */
  inputs(slot: number): InputsDocument {
    const plan = this.#plan
    const { steps } = milestonesOf(plan, this.#manifest)[this.#milestone] ?? {
      steps: 0,
    }
    const workers = workersOf(plan)
    const at = this.#milestone * workers + slot
    const data =
      plan.data[at < plan.data.length ? at : plan.data.length - workers + slot]
    const first: TensorDocument[] = []
    const later: TensorDocument[] = []
    for (const value of this.#manifest.values) {
      if (value.kind !== 'input') continue
      const carried = value.carriedSlot !== none
      const tensor = carried
        ? this.#carried(slot, value.name, value.carriedSlot)
        : data?.[value.name]
      if (tensor === undefined)
        throw unfitOptions(`the plan has nothing for input "${value.name}"`)
      first[value.slot] = tensor
      if (!carried) later[value.laterSlot] = tensor
    }
    return {
      kind: 'inputs',
      steps: Array.from({ length: steps }, (_, t) => (t === 0 ? first : later)),
    }
  }

  /** The job of a worker is settled. Without rounds that ends the milestone. */
  accept(slot: number, result: ResultDocument): void {
    this.#own[slot] = result.steps.at(-1)?.carried
    if (this.#plan.rounds === undefined) this.#milestone++
    else this.#accepted.set(slot, result)
  }

  /** Workers of this round that were accepted. */
  get accepted(): number {
    return this.#accepted.size
  }

  /**
   * Inputs of the job that averages the round: each accepted worker counts the
   * same, one that is missing not at all.
   *
   * @returns They, and the bytes of `share`, which nobody else has.
   */
  averageInputs(): { inputs: InputsDocument; share: Uint8Array<ArrayBuffer> } {
    const average = this.#average
    const workers = workersOf(this.#plan)
    if (average === undefined || this.#accepted.size === 0)
      throw unfitOptions('there is nothing to average')
    const share = new Uint8Array(
      Float32Array.from({ length: workers }, (_, slot) =>
        this.#accepted.has(slot) ? 1 / this.#accepted.size : 0,
      ).buffer,
    )
    const tensors = new Map<string, TensorDocument | undefined>([
      ['parameters', this.#parameters],
      ['momentum', this.#momentum],
    ])
    const ended = this.#output('parameters_next')
    for (let slot = 0; slot < workers; slot++)
      tensors.set(
        workerInput(slot),
        // What counts for nothing may be anything: what is there already.
        this.#accepted.get(slot)?.steps.at(-1)?.carried[ended.slot] ??
          this.#parameters,
      )
    const inputs: TensorDocument[] = []
    for (const value of average.manifest.values) {
      if (value.kind !== 'input') continue
      const { dtype, dims, perm } = value.type
      const tensor =
        value.name === 'share'
          ? { dtype, dims, perm, dataRoot: blobRoot(share, average.sha256) }
          : tensors.get(value.name)
      if (tensor === undefined)
        throw unfitOptions(`the round has nothing for input "${value.name}"`)
      inputs[value.slot] = tensor
    }
    return { inputs: { kind: 'inputs', steps: [inputs] }, share }
  }

  /**
   * The average is settled: the next round begins with it.
   *
   * @returns The new parameters and the outer momentum.
   */
  averaged(result: ResultDocument): {
    parameters: TensorDocument
    momentum: TensorDocument
  } {
    const [step] = result.steps
    const of = (name: string): TensorDocument => {
      const value = this.#average?.manifest.values.find(
        (entry) => entry.kind === 'output' && entry.name === name,
      )
      const tensor =
        value?.kind === 'output' ? step?.outputs[value.slot] : undefined
      if (tensor === undefined)
        throw unfitOptions(`the model that averages has no ${name}`)
      return tensor
    }
    const parameters = of('parameters_next')
    const momentum = of('momentum_next')
    this.#parameters = parameters
    this.#momentum = momentum
    this.#accepted.clear()
    this.#milestone++
    return { parameters, momentum }
  }

  /** A carried input: the round's parameters, else what the worker itself ended with. */
  #carried(
    slot: number,
    name: string,
    carriedSlot: number,
  ): TensorDocument | undefined {
    if (name === 'parameters' && this.#parameters !== undefined)
      return this.#parameters
    const own = restarted.has(name) ? undefined : this.#own[slot]
    return own?.[carriedSlot] ?? this.#plan.state[name]
  }

  #output(name: string): Extract<ManifestValue, { kind: 'output' }> {
    const value = this.#manifest.values.find((entry) => entry.name === name)
    if (value?.kind !== 'output')
      throw unfitOptions(`the step graph has no ${name}`)
    return value
  }
}
