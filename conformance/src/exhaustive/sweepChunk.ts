import { type ExecutionProvider, testedProfile } from '@lynode/runtime'
import { arithmetics, encodeOnnx, type Graph } from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { formulaJudge } from './formulaJudge.js'
import type { InputJudge } from './inputJudge.js'
import type { Reference } from './references.js'
import { twinJudge } from './twinJudge.js'

/** What a run of inputs showed. */
export type ChunkResult = {
  /** Inputs compared: those where not anything is accepted. */
  compared: number
  /** Largest |error| as a share of the allowance. */
  share: number
  /** Bit pattern of the input that had it. */
  input: number
  /** Wrong bits where none may be. */
  wrong: number
}

/** Patterns of a chunk at stride 1. */
export const chunkSize: number = 2 ** 22
/** Chunks that all 2^32 patterns make. */
export const chunkCount: number = 2 ** 32 / chunkSize
/** Elements of one run. */
const batch = 2 ** 18

/**
 * Runs one operator on ONNX Runtime over runs of bit patterns, and judges what it
 * gives by the numeric profile of the execution provider.
 */
export class Sweeper {
  private constructor(
    private readonly session: InferenceSession,
    private readonly judge: InputJudge,
  ) {}

  static async open(
    reference: Reference,
    provider: ExecutionProvider,
  ): Promise<Sweeper> {
    const session = await InferenceSession.create(modelOf(reference), {
      executionProviders: [provider],
      graphOptimizationLevel: 'disabled',
      enableCpuMemArena: false,
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    })
    const judge =
      testedProfile(provider) === 'f32-wgsl'
        ? twinJudge(reference, arithmetics.wgsl)
        : formulaJudge(reference)
    return new Sweeper(session, judge)
  }

  close(): Promise<void> {
    return this.session.release()
  }

  /** @param stride Every how manieth pattern is taken. */
  async sweep(chunk: number, stride: number): Promise<ChunkResult> {
    const total: ChunkResult = { compared: 0, share: 0, input: 0, wrong: 0 }
    const end = (chunk + 1) * chunkSize
    for (let from = chunk * chunkSize; from < end; from += batch * stride) {
      const count = Math.min(batch, Math.ceil((end - from) / stride))
      const bits = new Uint32Array(count)
      for (let i = 0; i < count; i++) bits[i] = from + i * stride
      await this.compare(bits, total)
    }
    return total
  }

  private async compare(bits: Uint32Array, total: ChunkResult): Promise<void> {
    const x = new Float32Array(bits.buffer)
    const results = await this.session.run({
      x: new Tensor('float32', x, [x.length]),
    })
    const y = results['y']?.data as Float32Array
    for (let i = 0; i < x.length; i++) {
      const found = this.judge(x[i] as number, y[i] as number)
      if (found === undefined) continue
      total.compared++
      if (found === 'wrong') {
        total.wrong++
        total.input = bits[i] as number
      } else if (found > total.share) {
        total.share = found
        total.input = bits[i] as number
      }
    }
  }
}

function modelOf({
  operator,
  attributes = {},
  constant,
}: Reference): Uint8Array {
  const inputs = constant === undefined ? ['x'] : ['x', 'c']
  const graph: Graph = {
    opset: 20,
    irVersion: 9,
    inputs: [{ name: 'x', dtype: 1, dims: [undefined] }],
    outputs: ['y'],
    weights: new Map(
      constant === undefined
        ? []
        : [
            [
              'c',
              {
                dtype: 1,
                dims: [],
                bytes: new Uint8Array(Float32Array.of(constant).buffer),
              },
            ],
          ],
    ),
    nodes: [
      {
        name: operator,
        operator,
        domain: '',
        inputs,
        outputs: ['y'],
        attributes: new Map(Object.entries(attributes)),
      },
    ],
    declared: new Map([['y', { name: 'y', dtype: 1, dims: undefined }]]),
    metadata: new Map(),
  }
  return encodeOnnx(graph)
}
