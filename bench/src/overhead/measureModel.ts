import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  type ManifestValue,
  readManifest,
  toCommitted,
  traceModel,
} from '@lynode/sdk'
import { PlainRunner } from './plainRunner.js'
import { childProcesses, peakBytes } from './processes.js'

export type Ratio = { min: number; median: number; max: number }

/** How a model's ways of running compare, one run of each in turn. */
export type ModelMeasurement = {
  name: string
  runs: number
  /** Median milliseconds. */
  plainMs: number
  fastMs: number
  /** Of `fastMs`: permuting and hashing the outputs. */
  commitMs: number
  /** Besides `fastMs`: writing the outputs and flushing them to the disk. */
  storeMs: number
  traceMs: number
  /** Fast path with output commitment, by plain ONNX Runtime. */
  fastRatio: Ratio
  /** Full trace with hashing, by plain ONNX Runtime. */
  traceRatio: Ratio
  traceBytes: number
  peakBytes: { plain: number | null; fast: number | null; trace: number | null }
}

export type MeasureModelParameters = {
  name: string
  /** The original ONNX file, with one input `x`. */
  file: Uint8Array
  dims: readonly number[]
  runs: number
}

/**
 * Runs a model plainly, fast and traced in three child processes, alternating,
 * each round on another random input so that every commitment is written anew.
 */
export async function measureModel(
  parameters: MeasureModelParameters,
): Promise<ModelMeasurement> {
  const { name, file, dims, runs } = parameters
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const canonical = await canonicalise(file, { shapes: { x: [...dims] } })
  const manifest = readManifest(canonical, nodeSha256)
  const paths = {
    original: join(folder, 'original.onnx'),
    canonical: join(folder, 'canonical.onnx'),
    traced: join(folder, 'traced.onnx'),
  }
  writeFileSync(paths.original, file)
  writeFileSync(paths.canonical, canonical)
  writeFileSync(paths.traced, traceModel(canonical, manifest))
  const input = manifest.values.find(({ kind }) => kind === 'input')
  if (input === undefined) throw new Error(`${name} has no input`)
  const named = (kind: ManifestValue['kind']) =>
    manifest.values
      .filter((value) => value.kind === kind)
      .map((value) => ({ name: value.name, type: value.type }))
  const outputs = named('output')
  const activations = named('activation')

  const plain = await PlainRunner.start(paths.original, dims)
  const fast = new Runner()
  const traced = new Runner()
  const pids: Record<'plain' | 'fast' | 'trace', number> = {
    plain: plain.pid,
    fast: 0,
    trace: 0,
  }
  const times: Record<'plain' | 'fast' | 'trace', number[]> = {
    plain: [],
    fast: [],
    trace: [],
  }
  const commits: number[] = []
  const stores: number[] = []
  let traceBytes = 0
  try {
    // The first round loads sessions and is not counted.
    for (let round = 0; round <= runs; round++) {
      const data = randomInput(dims)
      const inputs = [
        {
          name: input.name,
          type: input.type,
          source: { bytes: toCommitted(input.type, data) },
        },
      ]
      const spool = join(folder, `spool-${round}`)
      const plainMs = await plain.run(data)
      const before = new Set(childProcesses())
      const fastResult = await fast.run({
        model: { path: paths.canonical },
        inputs,
        outputs,
        spool,
      })
      if (pids.fast === 0) pids.fast = newChild(before)
      const between = new Set(childProcesses())
      const traceResult = await traced.trace({
        model: { path: paths.traced },
        inputs,
        outputs: [...activations, ...outputs],
        spool,
      })
      if (pids.trace === 0) pids.trace = newChild(between)
      rmSync(spool, { recursive: true, force: true })
      traceBytes = traceResult.outputs.reduce((sum, one) => sum + one.bytes, 0)
      const roots = fastResult.outputs.map(({ dataRoot }) => dataRoot)
      const again = traceResult.outputs
        .slice(activations.length)
        .map(({ dataRoot }) => dataRoot)
      if (roots.join() !== again.join())
        throw new Error(`${name}: the traced run gives other bits`)
      if (round === 0) continue
      times.plain.push(plainMs)
      times.fast.push(total(fastResult.timings))
      commits.push(fastResult.timings.commitMs)
      stores.push(fastResult.timings.storeMs)
      // The trace has to be written somewhere: its 200 MB fit no message.
      times.trace.push(total(traceResult.timings) + traceResult.timings.storeMs)
    }
    return {
      name,
      runs,
      plainMs: median(times.plain),
      fastMs: median(times.fast),
      commitMs: median(commits),
      storeMs: median(stores),
      traceMs: median(times.trace),
      fastRatio: ratioOf(times.fast, times.plain),
      traceRatio: ratioOf(times.trace, times.plain),
      traceBytes,
      peakBytes: {
        plain: peakBytes(pids.plain),
        fast: peakBytes(pids.fast),
        trace: peakBytes(pids.trace),
      },
    }
  } finally {
    plain.close()
    await Promise.all([fast.close(), traced.close()])
    rmSync(folder, { recursive: true, force: true })
  }
}

function newChild(before: ReadonlySet<number>): number {
  return childProcesses().find((pid) => !before.has(pid)) ?? 0
}

/** Standard input of vision models lies in -1 .. 1. */
function randomInput(dims: readonly number[]): Uint8Array {
  const count = dims.reduce((product, dim) => product * dim, 1)
  const values = Float32Array.from(
    { length: count },
    () => Math.random() * 2 - 1,
  )
  return new Uint8Array(values.buffer)
}

function total(timings: { loadMs: number; runMs: number; commitMs: number }) {
  return timings.loadMs + timings.runMs + timings.commitMs
}

function ratioOf(times: readonly number[], plain: readonly number[]): Ratio {
  const ratios = times.map((time, round) => time / (plain[round] ?? time))
  return {
    min: Math.min(...ratios),
    median: median(ratios),
    max: Math.max(...ratios),
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]]
  return (low + high) / 2
}
