import { LynodeError } from '../errors/lynodeError.js'
import type { Sha256 } from '../hash/sha256.js'
import type { ResultDocument, StatesDocument } from '../job/documents.js'
import { resultTrees, statesTrees } from '../job/roots.js'
import { segmentOf } from '../job/segments.js'
import { manifestTree } from '../model/encodeManifest.js'
import { multiproof } from '../tree/multiproof.js'
import type { Opening } from '../types/fraudProof.js'
import type { Hex, Manifest } from '../types/manifest.js'
import { entryOf, traceTree } from './buildFraudProof.js'
import { openValue } from './openValue.js'
import type { Commitments } from './resolveValue.js'

/** A manifest entry with its proof, as demands and answers carry it. */
export type ProvenEntry = { entry: Hex; entryProof: Hex[] }

/**
 * Proves one entry of a manifest, by leaf index.
 *
 * @example
 * const { entry, entryProof } = proveEntry(manifest, 0)
 */
export function proveEntry(
  manifest: Manifest,
  leaf: number,
  sha256?: Sha256,
): ProvenEntry {
  return {
    entry: entryOf(manifest, leaf),
    entryProof: multiproof(manifestTree(manifest, sha256), [leaf]),
  }
}

/** What answers a chunk demand; `encodeChunkAnswer` packs it. */
export type ChunkAnswer = ProvenEntry & { opening: Opening; traceProof: Hex[] }

/**
 * Opens the chunks that a demand names.
 *
 * @throws LynodeError LY-PRF-004 when the bytes are not the committed ones.
 * @example
 * const { opening } = buildChunkAnswer({
 *   manifest, step: 0, value: 0, chunk: 0, count: 1, commitments, bytes: committed(0),
 * })
 */
export function buildChunkAnswer(parameters: {
  manifest: Manifest
  step: number
  value: number
  /** First chunk, and how many. */
  chunk: number
  count: number
  commitments: Commitments
  /** All committed bytes of the value. */
  bytes: Uint8Array
  sha256?: Sha256 | undefined
}): ChunkAnswer {
  const { manifest, value, chunk, count, commitments, sha256 } = parameters
  const entry = manifest.values[value]
  return {
    ...proveEntry(manifest, value, sha256),
    opening: openValue({
      ...parameters,
      chunks: Array.from({ length: count }, (_, i) => chunk + i),
    }),
    traceProof:
      entry?.kind === 'activation'
        ? multiproof(traceTree(commitments, sha256), [entry.traceIndex])
        : [],
  }
}

/** What answers an output demand; `encodeOutputAnswer` packs it. */
export type OutputAnswer = { carriedRoot: Hex; outputsRoot: Hex; path: Hex[] }

/**
 * Opens the segment of one step in `resultRoot`.
 *
 * @example
 * const { outputsRoot } = buildOutputAnswer(resultDocument, 0)
 */
export function buildOutputAnswer(
  result: ResultDocument,
  step: number,
  sha256?: Sha256,
): OutputAnswer {
  const { segments, root } = resultTrees(result, sha256)
  const { index } = segmentOf(step, result.segment, result.steps.length)
  const trees = segments[index]
  if (trees === undefined)
    throw new LynodeError('LY-PRF-002', { details: `no step ${step}` })
  return {
    carriedRoot: trees.carried.root,
    outputsRoot: trees.outputs.root,
    path: multiproof(root, [index]),
  }
}

/** What answers a step demand; `encodeStepAnswer` packs it. */
export type StepAnswer = {
  /** What each step of the segment carried. */
  carriedRoots: Hex[]
  outputsRoot: Hex
  path: Hex[]
}

/**
 * Commits to what each step of a segment carried, which ends in the committed state (B8).
 *
 * @example
 * const { carriedRoots } = buildStepAnswer(resultDocument, { kind: 'states', steps: [[]] }, 0)
 */
export function buildStepAnswer(
  result: ResultDocument,
  states: StatesDocument,
  step: number,
  sha256?: Sha256,
): StepAnswer {
  const { outputsRoot, path } = buildOutputAnswer(result, step, sha256)
  return {
    carriedRoots: statesTrees(states, sha256).steps.map(({ root }) => root),
    outputsRoot,
    path,
  }
}
