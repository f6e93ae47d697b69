import {
  buildTree,
  type Hex,
  hexToBytes,
  leafHashes,
  type Manifest,
  multiproof,
  none,
  type Tree,
  tensorRoot,
} from '@lynode/sdk'
import { RuntimeError } from '../errors/runtimeError.js'
import { nodeSha256 } from '../hash/nodeSha256.js'
import type {
  InputsDocument,
  ResultDocument,
  StepResult,
  TensorDocument,
} from './documents.js'

/** Tree over 32-byte roots. */
export function treeOfRoots(roots: readonly Hex[]): Tree {
  return buildTree(leafHashes(roots.map(hexToBytes), nodeSha256), nodeSha256)
}

/** Tree over the tensor roots of some tensors. */
export function treeOfTensors(tensors: readonly TensorDocument[]): Tree {
  return treeOfRoots(tensors.map(rootOfTensor))
}

/** Root of a tensor in a document. */
export function rootOfTensor(tensor: TensorDocument): Hex {
  return tensorRoot(tensor, tensor.dataRoot, nodeSha256)
}

/** What a leaf of `resultRoot` hashes, for segments of one step (B8). */
export function segmentOf(step: StepResult): {
  carriedRoot: Hex
  outputsRoot: Hex
  leaf: Hex
} {
  const carriedRoot = treeOfTensors(step.carried).root
  // C = 1: the tree over the step outputs of one step.
  const outputsRoot = treeOfRoots([treeOfTensors(step.outputs).root]).root
  const bytes = new Uint8Array(65)
  bytes[0] = 3
  bytes.set(hexToBytes(carriedRoot), 1)
  bytes.set(hexToBytes(outputsRoot), 33)
  const leaf: Hex = `0x${Buffer.from(nodeSha256(bytes)).toString('hex')}`
  return { carriedRoot, outputsRoot, leaf }
}

/** Tree whose root is `resultRoot`. */
export function resultTree(result: ResultDocument): Tree {
  return treeOfRoots(result.steps.map((step) => segmentOf(step).leaf))
}

/** Tree whose root is `inputRoot`. */
export function inputTree(inputs: InputsDocument): Tree {
  return treeOfRoots(inputs.steps.map((step) => treeOfTensors(step).root))
}

/** A committed input or output, and the way from its tensor root up. */
export type LocatedTensor = { tensor: TensorDocument; path: Hex[] }

/**
 * Finds an input or output of a step and its `path` (docs/protocol.md section 5).
 *
 * @throws RuntimeError `LY-JOB-002` for a value that is neither.
 */
export function locateTensor(
  manifest: Manifest,
  inputs: InputsDocument,
  result: ResultDocument,
  step: number,
  value: number,
): LocatedTensor {
  const entry = manifest.values[value]
  if (entry?.kind === 'input' && (step === 0 || entry.carriedSlot === none)) {
    const bundle = inputs.steps[step] ?? []
    const slot = step === 0 ? entry.slot : entry.laterSlot
    return {
      tensor: at(bundle, slot),
      path: [
        ...multiproof(treeOfTensors(bundle), [slot]),
        ...multiproof(inputTree(inputs), [step]),
      ],
    }
  }
  if (entry?.kind === 'input')
    return carried(result, step - 1, entry.carriedSlot)
  if (entry?.kind !== 'output')
    throw new RuntimeError(`value ${value} is no input or output`, {
      code: 'LY-JOB-002',
    })
  if (entry.carried) return carried(result, step, entry.slot)
  const { outputs } = at(result.steps, step)
  return {
    tensor: at(outputs, entry.slot),
    path: [
      ...multiproof(treeOfTensors(outputs), [entry.slot]),
      segmentOf(at(result.steps, step)).carriedRoot,
      ...multiproof(resultTree(result), [step]),
    ],
  }
}

function carried(
  result: ResultDocument,
  step: number,
  slot: number,
): LocatedTensor {
  const entry = at(result.steps, step)
  return {
    tensor: at(entry.carried, slot),
    path: [
      ...multiproof(treeOfTensors(entry.carried), [slot]),
      segmentOf(entry).outputsRoot,
      ...multiproof(resultTree(result), [step]),
    ],
  }
}

function at<T>(list: readonly T[], index: number): T {
  const entry = list[index]
  if (entry === undefined)
    throw new RuntimeError(`the document has no entry ${index}`, {
      code: 'LY-JOB-002',
    })
  return entry
}
