import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  canonicalise,
  deriveValues,
  type ExecutionMode,
  nodeSha256,
  Runner,
} from '@lynode/runtime'
import {
  byteLength,
  dtypes,
  type Manifest,
  type ManifestValue,
  modelWithOutputs,
  readManifest,
  toCommitted,
  traceModel,
} from '@lynode/sdk'
import { type DemoModel, randomInput } from '../models/demoModels.js'
import { type PlainInput, PlainRunner } from './plainRunner.js'
import { childProcesses, peakBytes } from './processes.js'

export type Ratio = { min: number; median: number; max: number }

/** Ways of running a model. */
type Way = 'runtime' | 'fast' | 'fallback' | 'trace'
const ways: readonly Way[] = ['runtime', 'fast', 'fallback', 'trace']

/** How a model's ways of running compare, one run of each in turn. */
export type ModelMeasurement = {
  name: string
  rounds: number
  /** How the fast path executes: `plain` where fast and traced bits would differ. */
  mode: ExecutionMode
  /** Values that are not committed, and those that a native run has to declare. */
  derived: number
  unfused: number
  /** Median milliseconds: ONNX Runtime alone, fast path, plain execution, traced. */
  milliseconds: Record<Way, number>
  /** Of the fast path: permuting and hashing the outputs. */
  commitMs: number
  /** Besides the fast path: writing the outputs and flushing them to the disk. */
  storeMs: number
  /** Round by round, by ONNX Runtime's default level; with the commitment of what each gives. */
  ratios: Record<Exclude<Way, 'runtime'>, Ratio>
  /**
   * The least times of all rounds compared: what else runs on the machine
   * stretches some rounds, and never makes one shorter.
   */
  leastRatio: number
  /** Bytes of a committed trace, and of all intermediates. */
  traceBytes: number
  fullBytes: number
  peakBytes: Record<Way, number | null>
}

/**
 * Publishes a model for native execution with the smallest trace, then runs it in
 * ONNX Runtime alone, on the fast path, plainly and traced, in four child
 * processes, alternating, each round on another random input so that every
 * commitment is written anew.
 */
export async function measureModel(
  model: DemoModel,
  rounds: number,
): Promise<ModelMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'lynode-bench-'))
  const source = await model.file()
  const canonical = await canonicalise(source, { shapes: model.shapes })
  const published = await deriveValues(canonical, { derivation: 'all' })
  const { file, unfused } = published
  const mode = published.native ? 'native' : 'plain'
  const manifest = readManifest(file, nodeSha256)
  const path = (name: string, bytes: Uint8Array) => {
    const written = join(folder, `${name}.onnx`)
    writeFileSync(written, bytes)
    return written
  }
  const paths = {
    runtime: path('original', source),
    fast: path('fast', modelWithOutputs(file, unfused)),
    fallback: path('canonical', file),
    trace: path('traced', traceModel(file, manifest)),
  }
  const outputs = named(manifest, 'output')
  const wanted = {
    fast: { outputs, mode },
    fallback: { outputs, mode: 'plain' },
    trace: { outputs: [...outputs, ...named(manifest, 'activation')], mode },
  } as const

  const plain = await PlainRunner.start(paths.runtime)
  const runners = {
    fast: new Runner(),
    fallback: new Runner(),
    trace: new Runner(),
  }
  const pids: Record<Way, number> = {
    runtime: plain.pid,
    fast: 0,
    fallback: 0,
    trace: 0,
  }
  const times: Record<Way, number[]> = {
    runtime: [],
    fast: [],
    fallback: [],
    trace: [],
  }
  const commits: number[] = []
  const stores: number[] = []
  try {
    // The first round loads sessions and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const inputs = named(manifest, 'input').map(({ name, type }) => ({
        name,
        type,
        bytes: randomInput(name, type, Math.random),
      }))
      const runtimeMs = await plain.run(
        inputs.map(
          ({ name, type, bytes }): PlainInput => ({
            name,
            integers: type.dtype === dtypes.int64,
            dims: type.dims,
            bytes,
          }),
        ),
      )
      if (round > 0) times.runtime.push(runtimeMs)
      const spool = join(folder, `spool-${round}`)
      const roots: string[] = []
      for (const way of ['fast', 'fallback', 'trace'] as const) {
        const before = new Set(childProcesses())
        const execution = {
          ...wanted[way],
          model: { path: paths[way] },
          inputs: inputs.map(({ name, type, bytes }) => ({
            name,
            type,
            source: { bytes: toCommitted(type, bytes) },
          })),
          spool,
        }
        const { outputs: given, timings } = await (way === 'trace'
          ? runners[way].trace(execution)
          : runners[way].run(execution))
        if (pids[way] === 0) pids[way] = newChild(before)
        if (way !== 'fallback')
          roots.push(
            given
              .slice(0, outputs.length)
              .map(({ dataRoot }) => dataRoot)
              .join(),
          )
        if (round === 0) continue
        const { loadMs, runMs, commitMs, storeMs } = timings
        // The trace has to be written somewhere: it fits no message.
        times[way].push(
          loadMs + runMs + commitMs + (way === 'trace' ? storeMs : 0),
        )
        if (way !== 'fast') continue
        commits.push(commitMs)
        stores.push(storeMs)
      }
      rmSync(spool, { recursive: true, force: true })
      if (roots[0] !== roots[1])
        throw new Error(`${model.name}: the traced run gives other bits`)
    }
    const each = <T>(of: (way: Way) => T) =>
      Object.fromEntries(ways.map((way) => [way, of(way)])) as Record<Way, T>
    return {
      name: model.name,
      rounds,
      mode,
      derived: published.derived.length,
      unfused: unfused.length,
      milliseconds: each((way) => median(times[way])),
      commitMs: median(commits),
      storeMs: median(stores),
      ratios: each((way) => ratioOf(times[way], times.runtime)),
      leastRatio: Math.min(...times.fast) / Math.min(...times.runtime),
      traceBytes: committedBytes(manifest),
      fullBytes: committedBytes(readManifest(canonical, nodeSha256)),
      peakBytes: each((way) => peakBytes(pids[way])),
    }
  } finally {
    plain.close()
    await Promise.all(Object.values(runners).map((runner) => runner.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}

function named({ values }: Manifest, kind: ManifestValue['kind']) {
  return values
    .filter((value) => value.kind === kind)
    .map(({ name, type }) => ({ name, type }))
}

/** Of all activations. */
function committedBytes(manifest: Manifest): number {
  return named(manifest, 'activation').reduce(
    (sum, { type }) => sum + byteLength(type),
    0,
  )
}

function newChild(before: ReadonlySet<number>): number {
  return childProcesses().find((pid) => !before.has(pid)) ?? 0
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
