import { existsSync, rmSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type DtypeName,
  dataTree,
  dtypes,
  elementBytes,
  type TensorType,
  tensorRoot,
  toCommitted,
  toLogical,
} from '@lynode/sdk'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { writeBlobFile } from '../blobs/blobFiles.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import type {
  ByteSource,
  CommittedOutput,
  ExecuteRequest,
  ExecuteResult,
  OptimiseRequest,
  OptimiseResult,
  RunnerCall,
  RunnerInput,
  RunnerReply,
  RunnerSettings,
  StepsRequest,
  StepsResult,
} from './messages.js'

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
 * models at optimisation level `disabled`, which gives the same bits whether
 * intermediates are declared or not (DESIGN section 5), in commitment order.
 */
export function serveRunner(options: ServeRunnerOptions = {}): void {
  const settings = readSettings()
  const sessions = new Map<string, InferenceSession>()
  const rewrite = options.rewriteModel ?? ((model) => model)

  process.on('disconnect', () => {
    // The parent is gone without a word; nobody else removes the folder.
    if (basename(process.cwd()).startsWith('lynode-runner-'))
      rmSync(process.cwd(), { recursive: true, force: true })
    process.exit(0)
  })
  process.on('message', (call: RunnerCall) => {
    answer(call).then(reply, (error: unknown) =>
      reply({
        id: call.id,
        error: {
          message: error instanceof Error ? error.message : String(error),
        },
      }),
    )
  })
  reply({ ready: true })

  async function answer({ id, request }: RunnerCall): Promise<RunnerReply> {
    switch (request.kind) {
      case 'execute':
        return { id, result: await execute(request) }
      case 'steps':
        return { id, result: await runSteps(request) }
      case 'optimise':
        return { id, result: await optimise(request) }
    }
  }

  async function runSteps(request: StepsRequest): Promise<StepsResult> {
    const timings = { loadMs: 0, runMs: 0, commitMs: 0, storeMs: 0 }
    const start = performance.now()
    const session = await sessionOf({ model: request.model, cache: true })
    timings.loadMs = performance.now() - start
    const operand = tensorReader()
    const fetches = [
      ...new Set([
        ...[...request.carried, ...request.outputs].map(({ name }) => name),
        ...request.carry.map(([output]) => output),
      ]),
    ]
    const steps: StepsResult['steps'][number][] = []
    const pending: {
      carried: readonly CommittedOutput[]
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
      const carried = await commit(
        { ...request, outputs: ends ? request.carried : [] },
        before,
      )
      // What is lost of a loss in the middle comes back by a replay: it need not
      // be flushed, which would cost more than the step, nor waited for.
      const others = commit(
        { ...request, durable: request.durable && ends },
        before,
      )
      others.catch(() => undefined) // seen when all are awaited
      timings.loadMs += loaded - began
      timings.runMs += ran - loaded
      timings.commitMs += performance.now() - ran - carried.storeMs
      timings.storeMs += carried.storeMs
      pending.push({ carried: carried.outputs, others })
    }
    const waiting = performance.now()
    for (const { carried, others } of pending)
      steps.push({ carried, outputs: (await others).outputs })
    timings.storeMs += performance.now() - waiting
    return { steps, timings }
  }

  async function execute(request: ExecuteRequest): Promise<ExecuteResult> {
    const start = performance.now()
    const session = await sessionOf(request)
    const feeds: Record<string, Tensor> = {}
    for (const input of request.inputs)
      feeds[input.name] = toTensor(input.type, await read(input.source))
    const loaded = performance.now()
    try {
      const fetches = request.outputs.map((output) => output.name)
      const results = await session.run(feeds, fetches)
      const ran = performance.now()
      const { outputs, storeMs } = await commit(request, results)
      return {
        outputs,
        timings: {
          loadMs: loaded - start,
          runMs: ran - loaded,
          commitMs: performance.now() - ran - storeMs,
          storeMs,
        },
      }
    } finally {
      if (!request.cache) await session.release()
    }
  }

  async function sessionOf(request: Pick<ExecuteRequest, 'model' | 'cache'>) {
    const key =
      request.cache && 'path' in request.model ? request.model.path : undefined
    const cached = key === undefined ? undefined : sessions.get(key)
    if (key !== undefined && cached !== undefined) {
      sessions.delete(key) // moves it to the young end
      sessions.set(key, cached)
      return cached
    }
    const model = rewrite(await read(request.model))
    const session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'disabled',
      executionMode: 'sequential',
      enableCpuMemArena: false,
      enableMemPattern: false,
      intraOpNumThreads: settings.threads,
      interOpNumThreads: 1,
    })
    if (key !== undefined) {
      sessions.set(key, session)
      for (const [oldest, old] of sessions) {
        if (sessions.size <= settings.sessions) break
        sessions.delete(oldest)
        await old.release()
      }
    }
    return session
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
      toTensor(type, await read(source))
    if (key !== undefined) known.set(key, tensor)
    return tensor
  }
}

/** Permutes to commitment order, hashes and stores, one tensor at a time. */
async function commit(
  request: Pick<ExecuteRequest, 'outputs' | 'spool' | 'durable'>,
  results: InferenceSession.OnnxValueMapType,
): Promise<{ outputs: CommittedOutput[]; storeMs: number }> {
  const outputs: CommittedOutput[] = []
  let storeMs = 0
  for (const { name, type } of request.outputs) {
    const tensor = results[name]
    if (!(tensor instanceof Tensor)) throw new Error(`no output ${name}`)
    const data = toCommitted(type, logicalBytes(name, type, tensor))
    const { root } = dataTree(data, nodeSha256)
    const output: CommittedOutput = {
      name,
      dataRoot: root,
      tensorRoot: tensorRoot(type, root, nodeSha256),
      bytes: data.length,
    }
    const hashed = performance.now()
    if (request.spool === undefined) output.data = data
    else await writeBlobFile(request.spool, root, data, request.durable)
    storeMs += performance.now() - hashed
    outputs.push(output)
  }
  return { outputs, storeMs }
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

async function read(source: ByteSource): Promise<Uint8Array> {
  return 'bytes' in source
    ? source.bytes
    : new Uint8Array(await readFile(source.path))
}

function readSettings(): RunnerSettings {
  const text = process.argv[2]
  if (process.send === undefined || text === undefined)
    throw new Error('a runner is started by its parent, not by hand')
  return JSON.parse(text) as RunnerSettings
}

function reply(message: RunnerReply): void {
  process.send?.(message)
}
