import { existsSync, readFileSync } from 'node:fs'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  encodeSafetensors,
  splitParameters,
  type TrainingRecord,
  trainedModel,
} from '@lynode/sdk'
import { lossCurve } from './lossCurve.js'
import type { PreparedTraining } from './prepareTraining.js'
import { encodeScalars } from './tensorboard.js'

/** One number of a training. */
export type Scalar = {
  step: number
  tag: string
  value: number
}

/** What a training leaves on disk: its record, scalars, checkpoints, models. */
export class TrainingFolder {
  readonly folder: string
  readonly #scalars = new Map<string, Scalar>()

  constructor(folder: string) {
    this.folder = folder
  }

  async load(): Promise<TrainingRecord | undefined> {
    const path = join(this.folder, 'record.json')
    if (!existsSync(path)) return undefined
    return JSON.parse(readFileSync(path, 'utf8'), (_, value: unknown) =>
      typeof value === 'object' && value !== null && 'bigint' in value
        ? BigInt(String(value.bigint))
        : value,
    ) as TrainingRecord
  }

  async save(record: TrainingRecord): Promise<void> {
    const text = JSON.stringify(record, (_, value: unknown) =>
      typeof value === 'bigint' ? { bigint: String(value) } : value,
    )
    await this.#write('record.json', text)
  }

  /** Scalars of a milestone; those of one step and tag are kept once. */
  async addScalars(scalars: readonly Scalar[]): Promise<void> {
    for (const scalar of scalars)
      this.#scalars.set(`${scalar.tag} ${scalar.step}`, scalar)
    const all = this.scalars()
    await this.#write(
      'scalars.jsonl',
      all.map((scalar) => `${JSON.stringify(scalar)}\n`).join(''),
    )
    await this.#write('events.out.tfevents.0.lynode', encodeScalars(all))
    await this.#write('loss.svg', lossCurve(all))
  }

  scalars(): Scalar[] {
    return [...this.#scalars.values()].sort((a, b) => a.step - b.step)
  }

  /** The trained weights, under their own names and in the model. */
  async saveCheckpoint(
    { step: { parameters }, graph }: PreparedTraining,
    step: number,
    values: Uint8Array,
  ): Promise<{ safetensors: string; model: string }> {
    const safetensors = `checkpoint-${step}.safetensors`
    const tensors = splitParameters(parameters, values)
    await this.#write(
      safetensors,
      encodeSafetensors(tensors, { step: String(step) }),
    )
    await this.#write('model.onnx', trainedModel(graph, parameters, values))
    return {
      safetensors: join(this.folder, safetensors),
      model: join(this.folder, 'model.onnx'),
    }
  }

  /** Whole or not at all. */
  async #write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const path = join(this.folder, name)
    await writeFile(`${path}.part`, content)
    const file = await open(`${path}.part`, 'r')
    await file.sync()
    await file.close()
    await rename(`${path}.part`, path)
  }
}
