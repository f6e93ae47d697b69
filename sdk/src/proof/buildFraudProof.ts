import { LynodeError } from '../errors/lynodeError.js'
import { bytesToHex } from '../hash/hex.js'
import type { Sha256 } from '../hash/sha256.js'
import { tensorRootsOf, treeOfRoots } from '../job/roots.js'
import {
  encodeNode,
  encodeValue,
  manifestTree,
} from '../model/encodeManifest.js'
import { byteLength } from '../tensor/tensorType.js'
import type { Tree } from '../tree/hashTree.js'
import { multiproof } from '../tree/multiproof.js'
import type { FraudProof } from '../types/fraudProof.js'
import { type Hex, type Manifest, none } from '../types/manifest.js'
import { judgedManifest } from './judgedManifest.js'
import { chunksRead, type Judgement, judgeElement } from './judgeElement.js'
import { openValue } from './openValue.js'
import type { Commitments } from './resolveValue.js'

export type BuildFraudProofParameters = {
  manifest: Manifest
  step: number
  node: number
  /** Which output of the node. */
  output: number
  /** Logical index in that output. */
  element: number
  commitments: Commitments
  /**
   * All committed bytes of a value at this step: of the execution for inputs,
   * activations and outputs, of the canonical file for weights.
   */
  committed(value: number): Uint8Array | Promise<Uint8Array>
  sha256?: Sha256 | undefined
}

/** A proof, and what it shows. */
export type BuiltFraudProof = { proof: FraudProof; judgement: Judgement }

/**
 * Opens everything that judging one element takes, as one transaction carries
 * it (docs/protocol.md section 6). Whether the element is wrong is in
 * `judgement`: nothing but a wrong one is worth sending.
 *
 * @throws LynodeError LY-PRF-002 when there is no such element, LY-PRF-004 when
 * bytes are not the committed ones, LY-PRF-005 when no checker serves the node.
 * @example
 * const { proof } = await buildFraudProof({
 *   manifest, step: 0, node: 0, output: 0, element: 1, commitments, committed,
 * })
 */
export async function buildFraudProof(
  parameters: BuildFraudProofParameters,
): Promise<BuiltFraudProof> {
  const { manifest, node, output, element, committed } = parameters
  const place = { manifest: judgedManifest(manifest), node, output, element }
  const bytes = new Map<number, Uint8Array>()
  const load = async (values: Iterable<number>): Promise<void> => {
    for (const value of values) {
      if (bytes.has(value)) continue
      const own = await committed(value)
      if (own.length !== byteLength(manifest.values[value]!.type))
        throw new LynodeError('LY-PRF-004', {
          details: `value ${value} has ${own.length} bytes`,
        })
      bytes.set(value, own)
    }
  }
  const read = (value: number, offset: number, length: number): Uint8Array =>
    bytes.get(value)!.subarray(offset, offset + length)
  // Where places depend on data, what they depend on comes first.
  await load(chunksRead(place).keys())
  const chunks = chunksRead({ ...place, read })
  await load(chunks.keys())
  const judgement = judgeElement({ ...place, read })
  return { judgement, proof: openProof(parameters, chunks, bytes) }
}

/** A proof of the element that opens these chunks, by value. */
export function openProof(
  parameters: Omit<BuildFraudProofParameters, 'committed'>,
  chunks: ReadonlyMap<number, ReadonlySet<number>>,
  bytes: ReadonlyMap<number, Uint8Array>,
): FraudProof {
  const { manifest, step, node, output, element, commitments } = parameters
  const { sha256 } = parameters
  const openings = [...chunks]
    .sort(([a], [b]) => a - b)
    .map(([value, opened]) =>
      openValue({
        manifest,
        step,
        value,
        chunks: [...opened].sort((a, b) => a - b),
        commitments,
        bytes: bytes.get(value)!,
        sha256,
      }),
    )
  const traced = openings.flatMap(({ value }) => {
    const opened = manifest.values[value]!
    return opened.kind === 'activation' ? [opened.traceIndex] : []
  })
  const leaves = [...entriesOf(manifest, node)].sort((a, b) => a - b)
  return {
    model: manifest.header,
    step,
    node,
    output,
    element,
    entries: leaves.map((leaf) => ({ leaf, entry: entryOf(manifest, leaf) })),
    entriesProof: multiproof(manifestTree(manifest, sha256), leaves),
    openings,
    traceProof:
      traced.length === 0
        ? []
        : multiproof(traceTree(commitments, sha256), traced),
  }
}

/**
 * Canonical bytes of an entry, by leaf index.
 *
 * @example
 * entryOf(manifest, 0) // '0x10...'
 */
export function entryOf(manifest: Manifest, leaf: number): Hex {
  const value = manifest.values[leaf]
  if (value !== undefined) return bytesToHex(encodeValue(value))
  return bytesToHex(encodeNode(manifest.nodes[leaf - manifest.values.length]!))
}

/** Tree over the tensor roots of the step's trace. @throws LynodeError LY-PRF-002 */
export function traceTree(commitments: Commitments, sha256?: Sha256): Tree {
  if (commitments.traceRoots !== undefined)
    return treeOfRoots(commitments.traceRoots, sha256)
  if (commitments.trace === undefined)
    throw new LynodeError('LY-PRF-002', { details: 'the trace is not known' })
  return treeOfRoots(tensorRootsOf(commitments.trace.tensors, sha256), sha256)
}

/** Leaves that the contract reads: the node, its values, and whatever is derived behind it. */
function entriesOf(manifest: Manifest, node: number): Set<number> {
  const leaves = new Set<number>()
  const pending = [node]
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const leaf = manifest.values.length + index
    if (leaves.has(leaf)) continue
    leaves.add(leaf)
    const { inputs, outputs } = manifest.nodes[index]!
    for (const value of [...inputs, ...outputs]) {
      if (value === none) continue
      leaves.add(value)
      const entry = manifest.values[value]!
      if (entry.kind === 'derived') pending.push(entry.node)
    }
  }
  return leaves
}
