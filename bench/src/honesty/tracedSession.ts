import { buildModel, dtypes, type Manifest, toCommitted } from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Configuration } from './configurations.js'

/** Why there is no WebGPU device; `undefined` where there is one. */
export async function webgpuMissing(): Promise<string | undefined> {
  const probe = buildModel({
    inputs: { x: [1] },
    outputs: ['y'],
    nodes: [['Abs', ['x'], ['y']]],
  })
  try {
    const session = await InferenceSession.create(probe, {
      executionProviders: ['webgpu'],
    })
    await session.release()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A model with all its intermediates, in one configuration of the runtime. */
export class TracedSession {
  readonly #session: InferenceSession

  private constructor(session: InferenceSession) {
    this.#session = session
  }

  static async open(
    traced: Uint8Array,
    { provider, level, threads }: Configuration,
  ): Promise<TracedSession> {
    const session = await InferenceSession.create(traced, {
      executionProviders: [provider],
      graphOptimizationLevel: level,
      executionMode: 'sequential',
      enableCpuMemArena: false,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3, // what falls back to the processor is no news
    })
    return new TracedSession(session)
  }

  /** Committed bytes of all inputs, intermediates and outputs, by value. */
  async run(
    manifest: Manifest,
    inputs: ReadonlyMap<string, Uint8Array>,
  ): Promise<Map<number, Uint8Array>> {
    const values = new Map<number, Uint8Array>()
    const feeds: Record<string, Tensor> = {}
    for (const [index, { kind, name, type }] of manifest.values.entries()) {
      const logical = inputs.get(name)
      if (kind !== 'input' || logical === undefined) continue
      values.set(index, toCommitted(type, logical))
      const { buffer } = logical.slice()
      const dims = [...type.dims]
      feeds[name] =
        type.dtype === dtypes.int64
          ? new Tensor('int64', new BigInt64Array(buffer), dims)
          : new Tensor('float32', new Float32Array(buffer), dims)
    }
    const results = await this.#session.run(feeds)
    for (const [index, { name, type }] of manifest.values.entries()) {
      const tensor = results[name]
      if (tensor === undefined || !ArrayBuffer.isView(tensor.data)) continue
      const { buffer, byteOffset, byteLength } = tensor.data
      const logical = new Uint8Array(buffer, byteOffset, byteLength)
      values.set(index, toCommitted(type, logical))
    }
    return values
  }

  close(): Promise<void> {
    return this.#session.release()
  }
}
