import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dtypes, encodeNpy, type NpyArray } from '@lynode/sdk'
import { datasetFile, shardPath, unusableDataset } from './dataset.js'

export type BuildDatasetOptions = {
  /** Arrays by name, the samples along axis 0. */
  arrays: ReadonlyMap<string, NpyArray>
  classes?: readonly string[] | undefined
  shards?: number | undefined
  /** Folder that receives the dataset. */
  out: string
}

/** What was written. */
export type BuiltDataset = {
  folder: string
  samples: number
  shards: number
  /** Samples left out, so that all shards are of one size. */
  left: number
}

/**
 * Writes a dataset: arrays of equally many samples, cut into shards of one size
 * (a model has one shape). Whole numbers of 64 bits become 32, as losses read.
 *
 * @throws LynodeError `LY-TRN-005` when the arrays do not fit together.
 */
export function buildDataset(options: BuildDatasetOptions): BuiltDataset {
  const { arrays, classes = [], shards = 1, out } = options
  const counts = new Set([...arrays.values()].map(({ dims }) => dims[0] ?? 0))
  const [count = 0] = counts
  if (counts.size !== 1 || count < 1)
    throw unusableDataset(
      `the arrays have ${[...arrays].map(([name, { dims }]) => `${dims[0] ?? 0} (${name})`).join(', ') || 'no'} samples`,
    )
  const samples = Math.floor(count / shards)
  if (!Number.isInteger(shards) || shards < 1 || samples < 1)
    throw unusableDataset(`${count} samples in ${shards} shards`)
  mkdirSync(out, { recursive: true })
  const described: Record<string, { dtype: number; dims: number[] }> = {}
  for (const [name, given] of arrays) {
    if (!/^[A-Za-z0-9._-]+$/.test(name))
      throw unusableDataset(`${JSON.stringify(name)} is no name of an array`)
    const array = narrow(name, given)
    const [, ...dims] = array.dims
    described[name] = { dtype: array.dtype, dims }
    const size = array.data.length / count
    for (let shard = 0; shard < shards; shard++)
      writeFileSync(
        shardPath(out, name, shard),
        encodeNpy({
          dtype: array.dtype,
          dims: [samples, ...dims],
          data: array.data.slice(
            shard * samples * size,
            (shard + 1) * samples * size,
          ),
        }),
      )
  }
  writeFileSync(
    join(out, datasetFile),
    `${JSON.stringify({ version: 1, samples, shards, classes, arrays: described }, null, 2)}\n`,
  )
  return { folder: out, samples, shards, left: count - samples * shards }
}

function narrow(name: string, array: NpyArray): NpyArray {
  if (array.dtype !== dtypes.int64) return array
  const wide = new BigInt64Array(new Uint8Array(array.data).buffer)
  const short = Int32Array.from(wide, Number)
  if (wide.some((value, i) => value !== BigInt(short[i] ?? 0)))
    throw unusableDataset(`${name} holds numbers beyond 32 bits`)
  return { ...array, dtype: dtypes.int32, data: new Uint8Array(short.buffer) }
}
