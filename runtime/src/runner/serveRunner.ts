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
import { writeBlobFileSync } from '../blobs/blobFiles.js'
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
  RunnerOutput,
  RunnerReply,
  RunnerRequest,
  RunnerResult,
  RunnerSettings,
  RunnerTimings,
  StepsRequest,
  StepsResult,
} from './messages.js'
import { readSource } from './readSource.js'
import { SessionCache } from './sessionCache.js'

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
    for (const { id, request } of calls)
      turn = turn.then(async () => {
        reply({ begun: id })
        try {
          reply({ id, result: await compute(request) })
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

  async function compute(request: RunnerRequest): Promise<RunnerResult> {
    switch (request.kind) {
      case 'execute':
        return execute(request)
      case 'steps':
        return runSteps(request)
      case 'optimise':
        return optimise(request)
    }
  }

  async function runSteps(request: StepsRequest): Promise<StepsResult> {
    const start = performance.now()
    const session = await sessions.get({ ...request, cache: true })
    const timings = { ...noTime, loadMs: performance.now() - start }
    const operand = tensorReader()
    const fetches = [
      ...new Set([
        ...[...request.carried, ...request.outputs].map(({ name }) => name),
        ...request.carry.map(([output]) => output),
      ]),
    ]
    const steps: StepsResult['steps'][number][] = []
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
      for (const input of inputs) feeds[input.name] = operand(input)
      const loaded = performance.now()
      before = await session.run(feeds, fetches)
      timings.loadMs += loaded - began
      timings.runMs += performance.now() - loaded
      const ends = request.every || at + 1 === request.steps.length
      steps.push({
        carried: ends
          ? commit(request.carried, request.spool, before, timings)
          : [],
        outputs: commit(request.outputs, request.spool, before, timings),
      })
    }
    return { steps, timings }
  }

  async function execute(request: ExecuteRequest): Promise<ExecuteResult> {
    const start = performance.now()
    const session = await sessions.get(request)
    try {
      const feeds: Record<string, Tensor> = {}
      for (const input of request.inputs)
        feeds[input.name] = toTensor(input.type, readSource(input.source))
      const loaded = performance.now()
      const fetches = request.outputs.map((output) => output.name)
      const results = await session.run(feeds, fetches)
      const timings = {
        ...noTime,
        loadMs: loaded - start,
        runMs: performance.now() - loaded,
      }
      const outputs = commit(request.outputs, request.spool, results, timings)
      return { outputs, timings }
    } finally {
      if (!request.cache) await session.release()
    }
  }
}

const noTime: RunnerTimings = { loadMs: 0, runMs: 0, commitMs: 0, storeMs: 0 }

/** Reads operands; those that are one file, such as a dataset, only once. */
function tensorReader(): (input: RunnerInput) => Tensor {
  const known = new Map<string, Tensor>()
  return ({ type, source }) => {
    const key =
      'path' in source
        ? `${source.path} ${type.dtype} ${type.dims} ${type.perm}`
        : undefined
    const tensor =
      (key === undefined ? undefined : known.get(key)) ??
      toTensor(type, readSource(source))
    if (key !== undefined) known.set(key, tensor)
    return tensor
  }
}

const hasher = new TensorHasher()

/** Permutes to commitment order, hashes and stores, one tensor at a time. */
function commit(
  wanted: readonly RunnerOutput[],
  spool: string | undefined,
  results: InferenceSession.OnnxValueMapType,
  timings: RunnerTimings,
): CommittedOutput[] {
  return wanted.map(({ name, type }) => {
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
    timings.commitMs += hashed - start
    if (spool === undefined) output.data = data
    else writeBlobFileSync(spool, root, data)
    timings.storeMs += performance.now() - hashed
    return output
  })
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
