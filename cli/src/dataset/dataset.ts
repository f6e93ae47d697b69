import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dtype, LynodeError, type NpyArray, parseNpy } from '@lynode/sdk'
import { z } from 'zod'

/** An array of a dataset: one .npy file a shard, the samples along axis 0. */
export type DatasetArray = {
  dtype: Dtype
  /** Dimensions of one sample. */
  dims: readonly number[]
}

/** A dataset on disk, as `lynode dataset build` writes it. */
export type Dataset = {
  folder: string
  /** Samples of each shard. */
  samples: number
  shards: number
  arrays: ReadonlyMap<string, DatasetArray>
  /** Names of classes, where labels are their places. */
  classes: readonly string[]
}

const file = z.strictObject({
  version: z.literal(1),
  samples: z.int().min(1),
  shards: z.int().min(1),
  classes: z.array(z.string()),
  arrays: z.record(
    z.string(),
    z.strictObject({ dtype: z.int(), dims: z.array(z.int().min(1)) }),
  ),
})

/** Name of the file that describes a dataset. */
export const datasetFile = 'dataset.json'

/** @throws LynodeError `LY-TRN-005` when there is none, or it is malformed. */
export function openDataset(folder: string): Dataset {
  const path = join(folder, datasetFile)
  if (!existsSync(path)) throw unusableDataset(`there is no ${path}`)
  const parsed = file.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success)
    throw unusableDataset(`${path}: ${z.prettifyError(parsed.error)}`)
  const { samples, shards, classes, arrays } = parsed.data
  return {
    folder,
    samples,
    shards,
    classes,
    arrays: new Map(
      Object.entries(arrays).map(([name, { dtype, dims }]) => [
        name,
        { dtype: dtype as Dtype, dims },
      ]),
    ),
  }
}

/** One shard of an array. @throws LynodeError `LY-TRN-005` when the file is another. */
export function readShard(
  dataset: Dataset,
  name: string,
  shard: number,
): NpyArray {
  const array = dataset.arrays.get(name)
  if (array === undefined)
    throw unusableDataset(`${dataset.folder} has no array ${name}`)
  const read = parseNpy(
    new Uint8Array(readFileSync(shardPath(dataset.folder, name, shard))),
  )
  const dims = [dataset.samples, ...array.dims]
  if (read.dtype !== array.dtype || read.dims.join() !== dims.join())
    throw unusableDataset(`${name} of shard ${shard} is not what the file says`)
  return read
}

export function shardPath(folder: string, name: string, shard: number): string {
  return join(folder, `${name}-${shard}.npy`)
}

/** LY-TRN-005. */
export function unusableDataset(details: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-TRN-005', {
    details,
    ...(cause === undefined ? {} : { cause }),
  })
}
