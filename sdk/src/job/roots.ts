import { bytesToHex, hexToBytes } from '../hash/hex.js'
import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import { tensorRoot } from '../tensor/tensorRoot.js'
import { buildTree, leafHashes, type Tree } from '../tree/hashTree.js'
import type { Hex } from '../types/manifest.js'
import type {
  InputsDocument,
  ResultDocument,
  StatesDocument,
  TensorDocument,
  TraceDocument,
} from './documents.js'

// docs/protocol.md section 4: a leaf of a tree over roots is the 32-byte root.

/**
 * Tree over roots: a bundle, a trace, the steps of a job.
 *
 * @example
 * treeOfRoots(roots).root
 */
export function treeOfRoots(
  roots: readonly Hex[],
  sha256: Sha256 = defaultSha256,
): Tree {
  return buildTree(leafHashes(roots.map(hexToBytes), sha256), sha256)
}

/**
 * Root of one step's input tensors, in the order of their slots.
 *
 * @example
 * const [tensors = []] = inputsDocument.steps
 * inputBundleRoot(tensorRootsOf(tensors))
 */
export function inputBundleRoot(
  tensorRoots: readonly Hex[],
  sha256?: Sha256,
): Hex {
  return treeOfRoots(tensorRoots, sha256).root
}

/**
 * The root that an inputs document hashes to.
 *
 * @example
 * inputRootOf(inputsDocument) // `inputRoot` of an order
 */
export function inputRootOf(document: InputsDocument, sha256?: Sha256): Hex {
  return inputTrees(document, sha256).steps.root
}

/**
 * The root that a result document hashes to.
 *
 * @example
 * resultRootOf(resultDocument) // `resultRoot` of a delivery
 */
export function resultRootOf(document: ResultDocument, sha256?: Sha256): Hex {
  return resultTrees(document, sha256).root.root
}

/**
 * The root that a trace document, or a list of tensor roots, hashes to.
 *
 * @example
 * traceRootOf(traceDocument)
 */
export function traceRootOf(
  trace: TraceDocument | readonly Hex[],
  sha256?: Sha256,
): Hex {
  const roots = 'kind' in trace ? tensorRootsOf(trace.tensors, sha256) : trace
  return treeOfRoots(roots, sha256).root
}

/**
 * Tensor roots of the tensors of a document.
 *
 * @example
 * tensorRootsOf(traceDocument.tensors)
 */
export function tensorRootsOf(
  tensors: readonly TensorDocument[],
  sha256?: Sha256,
): Hex[] {
  return tensors.map((tensor) => tensorRoot(tensor, tensor.dataRoot, sha256))
}

/**
 * `H(0x03 | carriedRoot | outputsRoot)`: a leaf of `resultRoot` (B8).
 *
 * @example
 * segmentLeaf(treeOfRoots([]).root, treeOfRoots(roots).root)
 */
export function segmentLeaf(
  carriedRoot: Hex,
  outputsRoot: Hex,
  sha256: Sha256 = defaultSha256,
): Hex {
  const bytes = new Uint8Array(65)
  bytes[0] = 3
  bytes.set(hexToBytes(carriedRoot), 1)
  bytes.set(hexToBytes(outputsRoot), 33)
  return bytesToHex(sha256(bytes))
}

/**
 * The trees behind an `inputRoot`.
 *
 * @example
 * inputTrees(inputsDocument).steps.root // `inputRoot` of an order
 */
export function inputTrees(
  document: InputsDocument,
  sha256?: Sha256,
): { bundles: Tree[]; steps: Tree } {
  const bundles = document.steps.map((tensors) =>
    treeOfRoots(tensorRootsOf(tensors, sha256), sha256),
  )
  return {
    bundles,
    steps: treeOfRoots(
      bundles.map((bundle) => bundle.root),
      sha256,
    ),
  }
}

/** The trees of one segment behind a `resultRoot`. */
export type SegmentTrees = {
  /** `carriedRoot` of its last step. */
  carried: Tree
  /** Tree over the `stepOutputs` of its steps. */
  outputs: Tree
}

/**
 * The trees behind a `resultRoot`.
 *
 * @example
 * resultTrees(resultDocument).root.root // `resultRoot` of a delivery
 */
export function resultTrees(
  document: ResultDocument,
  sha256?: Sha256,
): { steps: Tree[]; segments: SegmentTrees[]; root: Tree } {
  const steps = document.steps.map((step) =>
    treeOfRoots(tensorRootsOf(step.outputs, sha256), sha256),
  )
  const segments: SegmentTrees[] = []
  for (let first = 0; first < steps.length; first += document.segment) {
    const members = steps.slice(first, first + document.segment)
    const last = document.steps[first + members.length - 1]
    segments.push({
      carried: treeOfRoots(tensorRootsOf(last?.carried ?? [], sha256), sha256),
      outputs: treeOfRoots(
        members.map(({ root }) => root),
        sha256,
      ),
    })
  }
  const leaves = segments.map(({ carried, outputs }) =>
    segmentLeaf(carried.root, outputs.root, sha256),
  )
  return { steps, segments, root: treeOfRoots(leaves, sha256) }
}

/**
 * The trees behind the answer to a step demand: what each step carried, and all of them.
 *
 * @example
 * statesTrees({ kind: 'states', steps: [[]] }).root.root
 */
export function statesTrees(
  document: StatesDocument,
  sha256?: Sha256,
): { steps: Tree[]; root: Tree } {
  const steps = document.steps.map((tensors) =>
    treeOfRoots(tensorRootsOf(tensors, sha256), sha256),
  )
  return {
    steps,
    root: treeOfRoots(
      steps.map(({ root }) => root),
      sha256,
    ),
  }
}
