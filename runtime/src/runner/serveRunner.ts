import { existsSync, rmSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type DtypeName,
  dtypes,
  elementBytes,
  type TensorType,
  tensorRoot,
  toCommitted,
  toLogical,
} from '@lynode/sdk/commitments'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { writeBlobFile } from '../blobs/blobFiles.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import { TensorHasher } from '../hash/tensorHasher.js'
import type {
  CommittedOutput,
  ExecuteRequest,
  ExecuteResult,
  OptimiseRequest,
  OptimiseResult,
  RunnerBatch,
  RunnerInput,
  RunnerReply,
  RunnerRequest,
  RunnerResult,
  RunnerSettings,
  StepsRequest,
  StepsResult,
} from './messages.js'
import { readSource } from './readSource.js'
import { SessionCache } from './sessionCache.js'

/** An answer that is computed, and may have to be written yet. */
type Computed = { answer: Promise<RunnerResult> }

export type ServeRunnerOptions = {
  /**
   * Rewrites every model file just before it is loaded. Only for tests of the
   * verifier: a provider that uses it commits to another computation than the
   * one it was paid for.
   */
  rewriteModel?: ((model: Uint8Array) => Uint8Array) | undefined
}

/**
 * Serves a runner's parent: the whole program of the child process. It runs
 * models in the mode that is asked for (DESIGN section 5) and gives their
 * results in commitment order.
 */
export function serveRunner(options: ServeRunnerOptions = {}): void {
  const settings = readSettings()
  const sessions = new SessionCache(settings, options.rewriteModel)
  let turn: Promise<void> = Promise.resolve()

  process.on('disconnect', () => {
    // The parent is gone without a word; nobody else removes the folder.
    if (basename(process.cwd()).startsWith('lynode-runner-'))
      rmSync(process.cwd(), { recursive: true, force: true })
    process.exit(0)
  })
  process.on('message', ({ calls }: RunnerBatch) => {
    for (const [at, { id, request }] of calls.entries())
      turn = turn.then(async () => {
        try {
          const { answer } = await compute(request)
          const replied = answer.then(
            (result) => reply({ id, result }),
            (error: unknown) => fail(id, error),
          )
          // Within a batch, what is written overlaps with the next run.
          if (at + 1 === calls.length) await replied
        } catch (error) {
          fail(id, error)
        }
      })
  })
  reply({ ready: true })

  function fail(id: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    reply({ id, error: { message } })
  }

  async function compute(request: RunnerRequest): Promise<Computed> {
    switch (request.kind) {
      case 'execute':
        return execute(request)
      case 'steps':
        return runSteps(request)
      case 'optimise':
        return { answer: optimise(request) }
    }
  }

  async function runSteps(request: StepsRequest): Promise<Computed> {
    const timings = { loadMs: 0, runMs: 0, commitMs: 0, storeMs: 0 }
    const start = performance.now()
    const session = await sessions.get({ ...request, cache: true })
    timings.loadMs = performance.now() - start
    const operand = tensorReader()
    const fetches = [
      ...new Set([
        ...[...request.carried, ...request.outputs].map(({ name }) => name),
        ...request.carry.map(([output]) => output),
      ]),
    ]
    const pending: {
      carried: ReturnType<typeof commit>
      others: ReturnType<typeof commit>
    }[] = []
    let before: InferenceSession.OnnxValueMapType = {}
    for (const [at, inputs] of request.steps.entries()) {
      const began = performance.now()
      const feeds: Record<string, InferenceSession.OnnxValueMapType[string]> =
        {}
      if (at > 0)
        for (const [output, input] of request.carry) {
          const value = before[output]
          if (value === undefined) throw new Error(`no output ${output}`)
          feeds[input] = value
        }
      for (const input of inputs) feeds[input.name] = await operand(input)
      const loaded = performance.now()
      before = await session.run(feeds, fetches)
      const ran = performance.now()
      const ends = request.every || at + 1 === request.steps.length
      const carried = commit(
        { ...request, outputs: ends ? request.carried : [] },
        before,
      )
      // What is lost of a loss in the middle comes back by a replay: it need not
      // be flushed, which would cost more than the step, nor waited for.
      const others = commit(
        { ...request, durable: request.durable && ends },
        before,
      )
      for (const one of [carried, others]) one.catch(() => undefined) // seen when all are awaited
      if (request.every) await carried // or states would gather in memory
      timings.loadMs += loaded - began
      timings.runMs += ran - loaded
      pending.push({ carried, others })
    }
    const answer = async (): Promise<StepsResult> => {
      const steps: StepsResult['steps'][number][] = []
      for (const one of pending) {
        const [carried, others] = [await one.carried, await one.others]
        timings.commitMs += carried.commitMs + others.commitMs
        steps.push({ carried: carried.outputs, outputs: others.outputs })
      }
      // Writes go on beside the steps: only what they made it longer counts.
      const { loadMs, runMs, commitMs } = timings
      timings.storeMs = performance.now() - start - loadMs - runMs - commitMs
      return { steps, timings }
    }
    return { answer: answer() }
  }

  async function execute(request: ExecuteRequest): Promise<Computed> {
    const start = performance.now()
    const session = await sessions.get(request)
    try {
      const feeds: Record<string, Tensor> = {}
      for (const input of request.inputs)
        feeds[input.name] = toTensor(input.type, await readSource(input.source))
      const loaded = performance.now()
      const fetches = request.outputs.map((output) => output.name)
      const results = await session.run(feeds, fetches)
      const ran = performance.now()
      const [loadMs, runMs] = [loaded - start, ran - loaded]
      const answer = commit(request, results).then(
        ({ outputs, commitMs, storeMs }): ExecuteResult => ({
          outputs,
          timings: { loadMs, runMs, commitMs, storeMs },
        }),
      )
      if (!request.cache) await answer // its tensors are the session's
      return { answer }
    } finally {
      if (!request.cache) await session.release()
    }
  }
}

/** Reads operands; those that are one file, such as a dataset, only once. */
function tensorReader(): (input: RunnerInput) => Promise<Tensor> {
  const known = new Map<string, Tensor>()
  return async ({ type, source }) => {
    const key =
      'path' in source
        ? `${source.path} ${type.dtype} ${type.dims} ${type.perm}`
        : undefined
    const tensor =
      (key === undefined ? undefined : known.get(key)) ??
      toTensor(type, await readSource(source))
    if (key !== undefined) known.set(key, tensor)
    return tensor
  }
}

const hasher = new TensorHasher()

/** Permutes to commitment order, hashes and stores, one tensor at a time. */
async function commit(
  request: Pick<ExecuteRequest, 'outputs' | 'spool' | 'durable'>,
  results: InferenceSession.OnnxValueMapType,
): Promise<{ outputs: CommittedOutput[]; commitMs: number; storeMs: number }> {
  const outputs: CommittedOutput[] = []
  let [commitMs, storeMs] = [0, 0]
  for (const { name, type } of request.outputs) {
    const start = performance.now()
    const tensor = results[name]
    if (!(tensor instanceof Tensor)) throw new Error(`no output ${name}`)
    const data = toCommitted(type, logicalBytes(name, type, tensor))
    const root = hasher.dataRoot(data)
    const output: CommittedOutput = {
      name,
      dataRoot: root,
      tensorRoot: tensorRoot(type, root, nodeSha256),
      bytes: data.length,
    }
    const hashed = performance.now()
    commitMs += hashed - start
    if (request.spool === undefined) output.data = data
    else await writeBlobFile(request.spool, root, data, request.durable)
    storeMs += performance.now() - hashed
    outputs.push(output)
  }
  return { outputs, commitMs, storeMs }
}

async function optimise(request: OptimiseRequest): Promise<OptimiseResult> {
  // The working directory is this child's own, empty and removed with it.
  const file = 'optimised.onnx'
  await rm(file, { force: true })
  const session = await InferenceSession.create(request.model, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'basic',
    optimizedModelFilePath: file,
    enableCpuMemArena: false,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  await session.release()
  if (!existsSync(file)) throw new Error('the runtime wrote no model')
  const model = new Uint8Array(await readFile(file))
  await rm(file, { force: true })
  return { model }
}

const nameOfDtype = new Map<number, DtypeName>(
  (Object.keys(dtypes) as DtypeName[]).map((name) => [dtypes[name], name]),
)

function toTensor(type: TensorType, committed: Uint8Array): Tensor {
  const bytes = toLogical(type, committed)
  const size = elementBytes(type.dtype) ?? 1
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  const view = <T>(
    make: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  ): T => new make(aligned.buffer, aligned.byteOffset, aligned.length / size)
  const dims = [...type.dims]
  switch (nameOfDtype.get(type.dtype)) {
    case 'float32':
      return new Tensor('float32', view(Float32Array), dims)
    case 'float64':
      return new Tensor('float64', view(Float64Array), dims)
    case 'float16':
      return new Tensor('float16', view(Uint16Array), dims)
    case 'uint8':
      return new Tensor('uint8', aligned, dims)
    case 'bool':
      return new Tensor('bool', aligned, dims)
    case 'int8':
      return new Tensor('int8', view(Int8Array), dims)
    case 'int32':
      return new Tensor('int32', view(Int32Array), dims)
    case 'int64':
      return new Tensor('int64', view(BigInt64Array), dims)
    default:
      throw new Error(`no tensor of dtype ${type.dtype}`)
  }
}

function logicalBytes(
  name: string,
  type: TensorType,
  tensor: Tensor,
): Uint8Array {
  const { data, dims } = tensor
  const expected = `${nameOfDtype.get(type.dtype)} [${type.dims.join(', ')}]`
  const actual = `${tensor.type} [${dims.join(', ')}]`
  if (expected !== actual || !ArrayBuffer.isView(data))
    throw new Error(
      `output ${name} is ${actual}, the manifest says ${expected}`,
    )
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function readSettings(): RunnerSettings {
  const text = process.argv[2]
  if (process.send === undefined || text === undefined)
    throw new Error('a runner is started by its parent, not by hand')
  // Profile 1 excludes TF32, and the library has read this by now.
  if (process.env['NVIDIA_TF32_OVERRIDE'] !== '0')
    throw new Error('a runner is started with NVIDIA_TF32_OVERRIDE=0')
  return JSON.parse(text) as RunnerSettings
}

function reply(message: RunnerReply): void {
  process.send?.(message)
}
