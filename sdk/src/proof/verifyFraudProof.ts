import { LynodeError } from '../errors/lynodeError.js'
import { hexToBytes } from '../hash/hex.js'
import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import { segmentLeaf } from '../job/roots.js'
import { segmentOf } from '../job/segments.js'
import { decodeNode, decodeValue } from '../model/decodeEntry.js'
import { modelIdOf } from '../model/modelId.js'
import type { Checker } from '../operators/operator.js'
import { tensorRoot } from '../tensor/tensorRoot.js'
import { byteLength } from '../tensor/tensorType.js'
import { chunkBytes, chunkCount } from '../tree/blobRoot.js'
import { hashBytes, leafHash, leafHashes } from '../tree/hashTree.js'
import { rootFromMultiproof } from '../tree/verifyMultiproof.js'
import type { FraudProof, Opening, WitnessClaim } from '../types/fraudProof.js'
import {
  type Hex,
  type ManifestNode,
  type ManifestValue,
  none,
} from '../types/manifest.js'
import {
  type Judged,
  type JudgeElementParameters,
  type Judgement,
  judgeElement,
} from './judgeElement.js'
import { judgeWitness } from './witness.js'

/** The roots of one execution. Twin of `ExecutionRoots` in Solidity. */
export type ExecutionRoots = {
  modelId: Hex
  steps: number
  inputRoot: Hex
  resultRoot: Hex
  /** Of the proof's step. */
  traceRoot: Hex
  /** Of the states of the proof's segment; zero unless a step demand was answered. */
  statesRoot: Hex
}

export type VerifyProofOptions = {
  sha256?: Sha256 | undefined
  /** Default: the checkers of this sdk. */
  checkers?: ((opcode: number) => Checker | undefined) | undefined
}

/**
 * Judges a fraud proof as `FraudVerifier.judge` does on chain, so that nobody
 * pays for a proof that the contract would reject.
 *
 * @throws LynodeError LY-PRF-001 to LY-PRF-005 where the contract reverts.
 * @example
 * const { honest } = verifyFraudProof(executionRoots, proof)
 */
export function verifyFraudProof(
  roots: ExecutionRoots,
  proof: FraudProof,
  options: VerifyProofOptions = {},
): Judgement {
  return judgeElement(openedPlace(roots, proof, options))
}

/**
 * Judges a proof by witness as `WitnessVerifier.judgeWitness` does on chain (RULES
 * A8). That the provider named these positions is not looked at.
 *
 * @throws LynodeError LY-PRF-001 to LY-PRF-005 where the contract reverts.
 * @example
 * const { claim, proof } = await buildWitnessProof({ ...selection, positions: [1] })
 * verifyWitnessProof(selectionRoots, claim, proof)
 */
export function verifyWitnessProof(
  roots: ExecutionRoots,
  claim: WitnessClaim,
  proof: FraudProof,
  options: VerifyProofOptions = {},
): Judgement {
  const place = openedPlace(roots, proof, options)
  if (place.manifest.nodeOf(proof.node).outputs[proof.output] !== claim.value)
    throw new LynodeError('LY-PRF-002', {
      details: `the witness is of value ${claim.value}`,
    })
  return judgeWitness({ ...place, ...claim })
}

/** What judges: the proof's element, once its bytes are checked. */
function openedPlace(
  roots: ExecutionRoots,
  proof: FraudProof,
  options: VerifyProofOptions,
): JudgeElementParameters {
  const sha256 = options.sha256 ?? defaultSha256
  if (modelIdOf(proof.model) !== roots.modelId)
    throw new LynodeError('LY-PRF-001')
  if (proof.step >= roots.steps)
    throw new LynodeError('LY-PRF-002', { details: `no step ${proof.step}` })
  const manifest = readEntries(proof, sha256)
  const openings = checkOpenings(proof, roots, manifest, sha256)
  return {
    manifest,
    node: proof.node,
    output: proof.output,
    element: proof.element,
    checkers: options.checkers,
    read: (value, offset, length) => {
      const opening = openings.get(value)
      const chunk = Math.floor(offset / chunkBytes)
      const place = opening?.chunks.indexOf(chunk) ?? -1
      if (opening === undefined || place < 0)
        throw wrongOpening(`chunk ${chunk} of value ${value} is not opened`)
      // All chunks before the last of a tensor are full, and chunks ascend.
      const at = place * chunkBytes + (offset % chunkBytes)
      return opening.data.subarray(at, at + length)
    },
  }
}

function readEntries(proof: FraudProof, sha256: Sha256): Judged {
  const { values: valueCount, nodes, manifestRoot } = proof.model
  const leaves = proof.entries.map(({ leaf }) => leaf)
  const bytes = proof.entries.map(({ entry }) => hexToBytes(entry))
  const root = rootFromMultiproof(
    valueCount + nodes,
    leaves,
    leafHashes(bytes, sha256),
    proof.entriesProof,
    sha256,
  )
  if (root !== manifestRoot)
    throw wrongEntries('the entries do not hash to the manifest root')
  const values = new Map<number, ManifestValue>()
  const nodeEntries = new Map<number, ManifestNode>()
  leaves.forEach((leaf, i) => {
    try {
      if (leaf < valueCount) values.set(leaf, decodeValue(bytes[i]!))
      else nodeEntries.set(leaf - valueCount, decodeNode(bytes[i]!))
    } catch (cause) {
      throw wrongEntries(`entry ${leaf} is not canonical`, cause)
    }
  })
  const known = <T>(map: ReadonlyMap<number, T>, index: number): T => {
    const entry = map.get(index)
    if (entry === undefined) throw wrongEntries(`entry ${index} is missing`)
    return entry
  }
  return {
    profile: proof.model.profile,
    valueOf: (index) => known(values, index),
    nodeOf: (index) => known(nodeEntries, index),
  }
}

type Opened = { chunks: readonly number[]; data: Uint8Array }

/** Every opening leads to a root that the execution or the manifest names. */
function checkOpenings(
  proof: FraudProof,
  roots: ExecutionRoots,
  manifest: Judged,
  sha256: Sha256,
): Map<number, Opened> {
  const opened = new Map<number, Opened>()
  const traced: { index: number; root: Hex }[] = []
  let last = -1
  for (const opening of proof.openings) {
    if (opening.value <= last)
      throw wrongEntries(`opening ${opening.value} is out of order`)
    last = opening.value
    const value = manifest.valueOf(opening.value)
    const data = hexToBytes(opening.data)
    const root = tensorRoot(
      value.type,
      dataRootOf(value, opening, data, sha256),
      sha256,
    )
    if (value.kind === 'activation') {
      if (opening.path.length > 0)
        throw wrongOpening('an activation has a path')
      traced.push({ index: value.traceIndex, root })
    } else checkPath(proof, roots, value, root, opening.path, sha256)
    opened.set(opening.value, { chunks: opening.chunks, data })
  }
  const traceRoot =
    traced.length === 0
      ? undefined
      : rootFromMultiproof(
          proof.model.activations,
          traced.map(({ index }) => index),
          leafHashes(
            traced.map(({ root }) => hexToBytes(root)),
            sha256,
          ),
          proof.traceProof,
          sha256,
        )
  if (
    traced.length === 0
      ? proof.traceProof.length > 0
      : traceRoot !== roots.traceRoot
  )
    throw wrongOpening('the opened activations do not hash to the trace root')
  return opened
}

function dataRootOf(
  value: ManifestValue,
  opening: Opening,
  data: Uint8Array,
  sha256: Sha256,
): Hex {
  const total = byteLength(value.type)
  const hashes = new Uint8Array(opening.chunks.length * hashBytes)
  let at = 0
  opening.chunks.forEach((chunk, i) => {
    const length = Math.min(chunkBytes, total - chunk * chunkBytes)
    const bytes = data.subarray(at, at + length)
    if (length < 1 || bytes.length !== length)
      throw wrongOpening(`chunk ${chunk} has the wrong length`)
    hashes.set(leafHash(bytes, sha256), i * hashBytes)
    at += length
  })
  const root = rootFromMultiproof(
    chunkCount(total),
    opening.chunks,
    hashes,
    opening.proof,
    sha256,
  )
  if (at !== data.length || root === undefined || root !== opening.dataRoot)
    throw wrongOpening(`value ${opening.value} does not hash to its data root`)
  return root
}

/** docs/protocol.md section 5, but for activations. */
function checkPath(
  proof: FraudProof,
  roots: ExecutionRoots,
  value: ManifestValue,
  root: Hex,
  path: readonly Hex[],
  sha256: Sha256,
): void {
  const { model, step } = proof
  const climber = climberOf(path, sha256)
  let expected = roots.resultRoot
  let reached = root
  const climbResult = (at: number, slot: number, carried: boolean): Hex => {
    const { segment } = model
    const { index, first, length } = segmentOf(at, segment, roots.steps)
    const segments = Math.ceil(roots.steps / segment)
    if (carried) {
      const carriedRoot = climber.climb(model.carried, slot, root)
      if (at + 1 < first + length) {
        // B8: within a segment, what the answer to a step demand says.
        expected = roots.statesRoot
        return climber.climb(length, at - first, carriedRoot)
      }
      const leaf = segmentLeaf(carriedRoot, climber.next(), sha256)
      return climber.climb(segments, index, leaf)
    }
    const outputs = climber.climb(model.outputs - model.carried, slot, root)
    const outputsRoot = climber.climb(length, at - first, outputs)
    const leaf = segmentLeaf(climber.next(), outputsRoot, sha256)
    return climber.climb(segments, index, leaf)
  }
  switch (value.kind) {
    case 'weight':
      expected = value.tensorRoot
      break
    case 'output':
      reached = climbResult(step, value.slot, value.carried)
      break
    case 'input': {
      if (step > 0 && value.carriedSlot !== none) {
        reached = climbResult(step - 1, value.carriedSlot, true)
        break
      }
      expected = roots.inputRoot
      const size = step === 0 ? model.inputs : model.inputs - model.carried
      const slot = step === 0 ? value.slot : value.laterSlot
      reached = climber.climb(
        roots.steps,
        step,
        climber.climb(size, slot, root),
      )
      break
    }
    default:
      throw wrongOpening('a derived value is opened')
  }
  if (reached !== expected || climber.left() > 0)
    throw wrongOpening('an opened value is not the committed one')
}

/** Climbs trees over roots, taking siblings off one path. */
function climberOf(path: readonly Hex[], sha256: Sha256) {
  let used = 0
  return {
    next: (): Hex => {
      const sibling = path[used++]
      if (sibling === undefined) throw wrongOpening('a path is too short')
      return sibling
    },
    left: (): number => path.length - used,
    climb: (size: number, index: number, leaf: Hex): Hex => {
      const length = proofLength(size, index)
      const siblings = path.slice(used, used + length)
      used += length
      const root = rootFromMultiproof(
        size,
        [index],
        leafHash(hexToBytes(leaf), sha256),
        siblings,
        sha256,
      )
      if (root === undefined) throw wrongOpening('a path is too short')
      return root
    },
  }
}

/** Siblings of one leaf in a tree of `size` leaves. */
function proofLength(size: number, index: number): number {
  let length = 0
  let position = index
  for (let count = size; count > 1; count = Math.ceil(count / 2)) {
    if (position % 2 === 1 || position + 1 < count) length++
    position = Math.floor(position / 2)
  }
  return length
}

function wrongEntries(details: string, cause?: unknown): LynodeError {
  return new LynodeError('LY-PRF-003', {
    details,
    ...(cause === undefined ? {} : { cause }),
  })
}

function wrongOpening(details: string): LynodeError {
  return new LynodeError('LY-PRF-004', { details })
}
