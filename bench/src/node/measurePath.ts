import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JobTable, ModelTests, performJob } from '@lynode/node'
import {
  BlobClient,
  BlobStore,
  canonicalise,
  createLogger,
  createMetrics,
  type Daemon,
  DocumentStore,
  nodeSha256,
  openDatabase,
  openModelFile,
  ProfileAdmission,
  Runner,
} from '@lynode/runtime'
import {
  type Hex,
  inputRootOf,
  type Job,
  type Order,
  readManifest,
  toCommitted,
} from '@lynode/sdk'
import { median } from '../median.js'
import { type PlainInput, PlainRunner } from '../overhead/plainRunner.js'
import { childProcesses, cpuSeconds } from '../overhead/processes.js'
import { convolutionModel, inputDims } from './convolutionModel.js'
import { dataFolders, startDataProcess } from './startDataProcess.js'

export type PathMeasurement = {
  /** Convolutions of the model that takes 50 ms here. */
  layers: number
  /** How this machine executes it, by the provider's own test. */
  mode: string
  rounds: number
  /** Jobs that are in work at once, one starting when another ends: a provider's default. */
  inFlight: number
  /** Medians in milliseconds, of one job. */
  plainMs: number
  /** Wall time of a job from lock to the call that delivers it, the sending left out. */
  providerMs: number
  /** The same of a job that is alone: nothing overlaps with its writes. */
  latencyMs: number
  /** Median of the rounds' ratios. */
  ratio: number
  /**
   * Processor time of the provider's processes by that of plain ONNX Runtime:
   * what remains of the ratio on a machine that other programs keep busy.
   */
  cpuRatio: number | null
}

const wantedMs = 50

/** As `maxJobs` has it. */
const inFlight = 4

/** Of a round: enough that its first and last ones, which overlap with nothing, weigh little. */
const jobsOfRound = 32

const probeLayers = 6

/**
 * Does jobs as the provider does them, from the inputs on somebody else's data
 * server to the delivery in the database, and runs the same inputs by plain ONNX
 * Runtime in turn. What the chain takes is not in it: nothing is sent.
 */
export async function measurePath(rounds: number): Promise<PathMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const runner = new Runner()
  const requester = join(folder, 'requester')
  const elsewhere = new BlobStore(dataFolders(requester).blobs)
  const theirs = new DocumentStore(dataFolders(requester).documents)
  const server = await startDataProcess(requester)
  const original = join(folder, 'model.onnx')
  let plain: PlainRunner | undefined
  const database = openDatabase(join(folder, 'state.sqlite'), 'bench')
  try {
    const layers = await calibrate(original)
    const source = convolutionModel(layers)
    writeFileSync(original, source)
    plain = await PlainRunner.start(original)
    const file = await canonicalise(source, { runner })
    const { modelId } = readManifest(file, nodeSha256)

    const blobs = new BlobStore(join(folder, 'blobs'))
    const documents = new DocumentStore(join(folder, 'documents'))
    const fileRoot = await blobs.put(file)
    const model = await openModelFile({ blobs, fileRoot, modelId, folder })
    database.exec('CREATE TABLE sent (key TEXT PRIMARY KEY, data TEXT)')
    const intent = database.prepare('INSERT INTO sent VALUES (?, ?)')
    const logger = createLogger('bench', 'error')
    const daemon = {
      config: { dataDir: folder, threads: 1, memoryMiB: 6_144 },
      runner,
      blobs,
      documents,
      reader: blobs,
      database,
      blobClient: new BlobClient({
        blobs,
        documents,
        sources: () => [server.url],
      }),
      models: { load: async () => model },
      metrics: createMetrics('provider'),
      logger,
      profiles: new ProfileAdmission({ runner, database, logger }),
      contracts: { jobMarket: `0x${'11'.repeat(20)}` },
      now: () => 0,
      // The intent reaches the disk as always; only the chain is not asked.
      outbox: {
        send: async ({ key, data }: { key: string; data: Hex }) =>
          intent.run(key, data),
      },
    } as unknown as Daemon
    const jobs = new JobTable(database)
    const tests = new ModelTests(daemon)
    const [input] = model.manifest.values
    if (input === undefined) throw new Error('the model has no input')
    let count = 0
    /** A job that was locked: its inputs are on another data server. */
    const locked = async () => {
      const data = randomInput()
      const { dtype, dims, perm } = input.type
      const dataRoot = await elsewhere.put(toCommitted(input.type, data))
      const steps = [[{ dtype, dims, perm, dataRoot }]]
      const inputs = { kind: 'inputs' as const, steps }
      await theirs.put(inputs)
      const jobId: Hex = `0x${(++count).toString(16).padStart(64, '0')}`
      const inputRoot = inputRootOf(inputs, nodeSha256)
      jobs.add(jobId, { modelId, inputRoot, steps: 1 } as Order, '0x')
      const row = jobs.find(jobId)
      if (row === undefined) throw new Error('no row')
      const job = { attempt: 0, time: 3_600 } as Job
      return {
        data,
        inputs,
        dataRoot,
        perform: () => performJob(daemon, jobs, tests, row, job, undefined),
      }
    }
    // As before every first lock: decides how the model is executed.
    const first = await locked()
    await daemon.blobClient.fetchBlob(first.dataRoot, first.data.length)
    const { mode } = await tests.test(model, first.inputs)

    const times: { plain: number; provider: number; latency: number }[] = []
    const plainPid = plain.pid
    const runnerPid = childProcesses().find(
      (pid) => pid !== plainPid && pid !== server.pid,
    )
    const cpu = { plain: 0, provider: 0 }
    const ownSeconds = () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6 + (cpuSeconds(runnerPid ?? 0) ?? Number.NaN)
    }
    for (let round = 0; round <= rounds; round++) {
      const given = await Promise.all(
        Array.from({ length: jobsOfRound }, locked),
      )
      let plainMs = 0
      const plainBefore = cpuSeconds(plainPid) ?? Number.NaN
      for (const { data } of given)
        plainMs += await plain.run(plainInputs(data))
      const plainSeconds = (cpuSeconds(plainPid) ?? Number.NaN) - plainBefore
      const ownBefore = ownSeconds()
      const start = performance.now()
      const waiting = given.values()
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          for (const { perform } of waiting) await perform()
        }),
      )
      const provider = (performance.now() - start) / jobsOfRound
      if (round > 0) {
        cpu.plain += plainSeconds
        cpu.provider += ownSeconds() - ownBefore
      }
      const alone = await locked()
      const before = performance.now()
      await alone.perform()
      const latency = performance.now() - before
      // The first round loads what stays loaded.
      if (round > 0)
        times.push({ plain: plainMs / jobsOfRound, provider, latency })
    }
    return {
      layers,
      mode,
      rounds,
      inFlight,
      plainMs: median(times.map((one) => one.plain)),
      providerMs: median(times.map((one) => one.provider)),
      latencyMs: median(times.map((one) => one.latency)),
      ratio: median(times.map((one) => one.provider / one.plain)),
      cpuRatio: Number.isNaN(cpu.provider) ? null : cpu.provider / cpu.plain,
    }
  } finally {
    plain?.close()
    await runner.close()
    server.close()
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Layers with which plain ONNX Runtime takes the wanted time on this machine. */
async function calibrate(path: string): Promise<number> {
  let layers = probeLayers
  // What a run takes besides its layers is small of the second guess, not of the first.
  for (let guess = 0; guess < 2; guess++) {
    writeFileSync(path, convolutionModel(layers))
    const plain = await PlainRunner.start(path)
    try {
      const times: number[] = []
      for (let i = 0; i < 15; i++)
        times.push(await plain.run(plainInputs(randomInput())))
      layers = Math.max(1, Math.round((wantedMs * layers) / median(times)))
    } finally {
      plain.close()
    }
  }
  return layers
}

function plainInputs(bytes: Uint8Array): PlainInput[] {
  return [{ name: 'x', integers: false, dims: inputDims, bytes }]
}

function randomInput(): Uint8Array {
  const count = inputDims.reduce((product, dim) => product * dim, 1)
  return new Uint8Array(
    Float32Array.from({ length: count }, () => Math.random() * 2 - 1).buffer,
  )
}
