import type { BlobClient, BlobReader, BlobStore } from '@lynode/runtime'
import {
  byteLength,
  elementBytes,
  type ResultDocument,
  segmentOf,
  type TensorDocument,
} from '@lynode/sdk'
import { elementReader } from './elementReader.js'
import type { OwnRun } from './rerunAlong.js'

/** Where bytes are, and who is asked for those that are not here. */
type Sources = {
  daemon: { reader: Pick<BlobReader, 'read'> }
  blobs: Pick<BlobStore, 'has'>
  client: Pick<BlobClient, 'fetchBlob'>
}

/** A tensor as the provider has it, and ours. */
type Pair = { place: string; claimed: TensorDocument; own: TensorDocument }

/**
 * Orders segments by how far they end from ours, farthest first. Each tensor is
 * measured by what is usual for it in this job: where every segment is off by
 * another machine's rounding, a lie is what sticks out.
 */
export async function rankSegments(
  options: Sources,
  claimed: ResultDocument,
  differing: readonly OwnRun[][],
): Promise<OwnRun[][]> {
  const distances: Map<string, number>[] = []
  for (const [run] of differing) {
    const found = new Map<string, number>()
    for (const pair of run === undefined ? [] : pairsOf(claimed, run)) {
      const distance = await distanceOf(options, pair)
      found.set(pair.place, Math.max(found.get(pair.place) ?? 0, distance))
    }
    distances.push(found)
  }
  const rank = (found: Map<string, number>) =>
    Math.max(
      0,
      ...[...found].map(([place, distance]) => {
        const usual = median(distances.map((one) => one.get(place) ?? 0))
        if (distance === 0) return 0
        return distance === usual ? 1 : distance / usual // both may be infinite
      }),
    )
  return differing
    .map((runs, i) => ({ runs, rank: rank(distances[i] ?? new Map()) }))
    .sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank))
    .map(({ runs }) => runs)
}

/** What a segment ended with and what its steps gave, where it is not the same. */
function pairsOf(claimed: ResultDocument, { result }: OwnRun): Pair[] {
  const { segment, steps } = claimed
  const end = result.steps.length
  const { first } = segmentOf(end - 1, segment, steps.length)
  const pairs: Pair[] = []
  for (let step = first; step < end; step++)
    for (const kind of ['carried', 'outputs'] as const)
      for (const [slot, own] of (result.steps[step]?.[kind] ?? []).entries()) {
        const theirs = steps[step]?.[kind][slot]
        if (theirs !== undefined && theirs.dataRoot !== own.dataRoot)
          pairs.push({ place: `${kind} ${slot}`, claimed: theirs, own })
      }
  return pairs
}

/** The largest difference; 0 where the provider's bytes are not to be had. */
async function distanceOf(
  { daemon: { reader }, blobs, client }: Sources,
  { claimed, own }: Pair,
): Promise<number> {
  try {
    if (!blobs.has(claimed.dataRoot))
      await client.fetchBlob(claimed.dataRoot, byteLength(claimed))
  } catch {
    return 0
  }
  const [a, b] = await Promise.all(
    [claimed, own].map(async ({ dataRoot }) => {
      const { buffer, byteOffset, byteLength } = await reader.read(dataRoot)
      return new DataView(buffer, byteOffset, byteLength)
    }),
  )
  if (a === undefined || b === undefined) return 0
  const read = elementReader(own.dtype)
  const size = elementBytes(own.dtype) ?? 1
  let largest = 0
  for (let at = 0; at < b.byteLength; at += size) {
    const [x, y] = [read(a, at), read(b, at)]
    if (Object.is(x, y)) continue
    const distance = Math.abs(x - y)
    largest = Math.max(
      largest,
      Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance,
    )
  }
  return largest
}

/** Of what differs anywhere; 0 where nothing does. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.filter((one) => one > 0).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
