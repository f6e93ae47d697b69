import { encodeOnnx, type Graph } from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Reference } from './references.js'

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

/** Runs one operator on ONNX Runtime over runs of bit patterns. */
export class Sweeper {
  private constructor(
    private readonly session: InferenceSession,
    private readonly reference: Reference,
  ) {}

  static async open(reference: Reference, provider: string): Promise<Sweeper> {
    const session = await InferenceSession.create(modelOf(reference), {
      executionProviders: [provider],
      graphOptimizationLevel: 'disabled',
      enableCpuMemArena: false,
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    })
    return new Sweeper(session, reference)
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
    const { value, allowance } = this.reference
    for (let i = 0; i < x.length; i++) {
      const input = x[i] as number
      const own = y[i] as number
      // C2: an operand that is not finite, and what may leave float32.
      if (!Number.isFinite(input)) continue
      const wanted = value(input)
      if (!(Math.abs(wanted) < 2 ** 127)) continue
      // C0: a subnormal operand stands for every number between 0 and it.
      const flushedTo =
        Math.abs(input) < 2 ** -126 && input !== 0 ? value(0) : wanted
      if (Number.isNaN(flushedTo)) continue
      total.compared++
      const room = allowance(input, wanted)
      if (room === 0) {
        // C1: both zeros are one; C0: a subnormal may be flushed.
        const right = Math.fround(wanted)
        const flushed =
          Math.abs(input) < 2 ** -126 || Math.abs(right) < 2 ** -126
        if (own !== right && !(flushed && own === 0)) {
          total.wrong++
          total.input = bits[i] as number
        }
        continue
      }
      // C0: a result that may be subnormal may be flushed.
      if (own === 0 && Math.abs(wanted) <= 2 ** -126) continue
      const nearest = Math.min(
        Math.max(own, Math.min(wanted, flushedTo)),
        Math.max(wanted, flushedTo),
      )
      const share = Math.abs(own - nearest) / room
      if (share > total.share || Number.isNaN(share)) {
        total.share = Number.isNaN(share) ? Number.POSITIVE_INFINITY : share
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
