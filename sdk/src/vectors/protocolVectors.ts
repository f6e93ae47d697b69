import { type AbiParameter, encodeAbiParameters } from 'viem'
import { fraudVerifierAbi } from '../abis/fraudVerifierAbi.js'
import { bytesToHex } from '../hash/hex.js'
import { encodeManifest } from '../model/encodeManifest.js'
import { buildFraudProof } from '../proof/buildFraudProof.js'
import type { ExecutionRoots } from '../proof/verifyFraudProof.js'
import { committedIndex } from '../tensor/committedIndex.js'
import { toCommitted } from '../tensor/permuteBytes.js'
import { tensorHeader, tensorRoot } from '../tensor/tensorRoot.js'
import { byteLength, elementCount } from '../tensor/tensorType.js'
import { dataTree } from '../tree/blobRoot.js'
import { buildTree, leafHashes } from '../tree/hashTree.js'
import { multiproof } from '../tree/multiproof.js'
import type { FraudProof } from '../types/fraudProof.js'
import type { Hex } from '../types/manifest.js'
import { dtypes, type TensorType } from '../types/tensorType.js'
import { drawVectors } from './drawVectors.js'
import { randomOf } from './operatorVectors.js'
import { priceVectors } from './priceVectors.js'
import {
  blocksScenario,
  type Cheat,
  carriedScenario,
  derivedScenario,
  gatherScenario,
  mlpScenario,
  reductionScenario,
  type Scenario,
  sumScenario,
} from './scenarios.js'

// What README.md in this folder describes: files that the Solidity tests read.

/** The content of every file of golden vectors, by name. */
export async function protocolVectors(): Promise<Record<string, unknown>> {
  return {
    'trees.json': { trees: treeVectors() },
    'tensors.json': { tensors: tensorVectors() },
    'manifest.json': manifestVector(),
    'fraudProofs.json': { proofs: await fraudVectors(fraudCases()) },
    'draws.json': drawVectors(),
    'prices.json': priceVectors(),
    'reductionProofs.json': { proofs: await fraudVectors(reductionCases()) },
  }
}

function treeVectors(): unknown[] {
  const random = randomOf(1)
  return [1, 2, 3, 5, 8, 13].map((size) => {
    const leaves = Array.from({ length: size }, (_, i) =>
      Uint8Array.from({ length: i % 4 }, () => random() & 0xff),
    )
    const tree = buildTree(leafHashes(leaves))
    const sets = [[0], [size - 1], Array.from({ length: size }, (_, i) => i)]
    const odd = Array.from({ length: size }, (_, i) => i).filter(
      (i) => i % 3 === 1,
    )
    if (odd.length > 0) sets.push(odd)
    return {
      leaves: leaves.map(bytesToHex),
      root: tree.root,
      proofs: sets.map((indices) => ({
        indices,
        proof: multiproof(tree, indices),
      })),
    }
  })
}

function tensorVectors(): unknown[] {
  const random = randomOf(2)
  const types: TensorType[] = [
    { dtype: dtypes.float32, dims: [], perm: [] },
    { dtype: dtypes.float32, dims: [1, 3, 4, 5], perm: [0, 2, 3, 1] },
    { dtype: dtypes.int64, dims: [7, 3], perm: [1, 0] },
    { dtype: dtypes.uint8, dims: [1025], perm: [0] },
    { dtype: dtypes.float16, dims: [2, 3, 2], perm: [2, 0, 1] },
  ]
  return types.map((type) => {
    const logical = Uint8Array.from(
      { length: byteLength(type) },
      () => random() & 0xff,
    )
    const committed = toCommitted(type, logical)
    const { root } = dataTree(committed)
    const elements = [0, Math.floor(elementCount(type.dims) / 2)]
    return {
      type,
      header: bytesToHex(tensorHeader(type)),
      logical: bytesToHex(logical),
      committed: bytesToHex(committed),
      dataRoot: root,
      tensorRoot: tensorRoot(type, root),
      indices: elements.map((element) => ({
        logical: element,
        committed: committedIndex(type, element),
      })),
    }
  })
}

function manifestVector(): unknown {
  const { manifest, file } = carriedScenario()
  return {
    file: bytesToHex(file),
    entries: encodeManifest(manifest).map(bytesToHex),
    header: { ...manifest.header, fileBytes: `${manifest.header.fileBytes}` },
    modelId: manifest.modelId,
  }
}

type FraudCase = [
  name: string,
  scenario: Scenario,
  step: number,
  node: number,
  element: number,
]

/** Adds 1 to one element of a result. */
const nudge =
  (step: number, name: string, element: number): Cheat =>
  (at, result, values) => {
    if (at === step && result === name) values[element]! += 1
  }

/** Adds 1 to the last element of a result. */
const shift =
  (name: string): Cheat =>
  (_step, result, values) => {
    if (result === name) values[values.length - 1]! += 1
  }

function fraudCases(): FraudCase[] {
  return [
    ['mlp, honest', mlpScenario(), 0, 2, 4],
    ['mlp, activation', mlpScenario(nudge(0, 'h', 307)), 0, 0, 307],
    ['mlp, exact operator', mlpScenario(nudge(0, 'r', 0)), 0, 1, 0],
    ['mlp, output', mlpScenario(nudge(0, 'y', 4)), 0, 2, 4],
    ['carried, honest', carriedScenario(), 1, 0, 4],
    ['carried, second step', carriedScenario(nudge(1, 'm', 4)), 1, 0, 4],
    ['carried, state', carriedScenario(nudge(1, 'next', 2)), 1, 2, 2],
    ['carried, output', carriedScenario(nudge(2, 'y', 5)), 2, 3, 5],
    ['derived, honest', derivedScenario(), 0, 2, 1],
    ['derived', derivedScenario(nudge(0, 'y', 1)), 0, 2, 1],
    // A sum behind derived values, by each profile: what is added stands far above it.
    ['sum, honest', sumScenario(), 0, 2, 5],
    ['sum', sumScenario(nudge(0, 'y', 5)), 0, 2, 5],
    ['sum of blocks, honest', sumScenario(undefined, 'f32-blocked'), 0, 2, 5],
    ['sum of blocks', sumScenario(nudge(0, 'y', 5), 'f32-blocked'), 0, 2, 5],
    ['sum on WebGPU, honest', sumScenario(undefined, 'f32-wgsl'), 0, 2, 5],
    ['sum on WebGPU', sumScenario(nudge(0, 'y', 5), 'f32-wgsl'), 0, 2, 5],
    ['product by weights in blocks', blocksScenario('weight'), 0, 0, 5],
    ['product of inputs, never in blocks', blocksScenario('input'), 0, 0, 5],
    // Cast, Clip, Gather: an index from behind, another row, a false index.
    ['gathered, honest', gatherScenario(), 0, 2, 450],
    ['gathered, clipped', gatherScenario(), 0, 2, 1_000],
    ['gathered', gatherScenario(nudge(0, 'y', 450)), 0, 2, 450],
    ['gathered, index', gatherScenario(shift('y_clipped1')), 0, 1, 3],
    [
      'gathered, past the end',
      gatherScenario(shift('y_clipped1')),
      0,
      2,
      1_000,
    ],
  ]
}

/** Proofs whose gas is a target (DESIGN section 10). */
function reductionCases(): FraudCase[] {
  return [512, 4096].map((depth) => [
    `dot of ${depth}`,
    reductionScenario(depth, nudge(0, 'y', 37)),
    0,
    0,
    37,
  ])
}

async function fraudVectors(cases: readonly FraudCase[]): Promise<unknown[]> {
  const vectors: unknown[] = []
  for (const [name, scenario, step, node, element] of cases) {
    const { proof, judgement } = await buildFraudProof({
      manifest: scenario.manifest,
      step,
      node,
      output: 0,
      element,
      commitments: scenario.commitments(step),
      committed: (value) => scenario.committed(step, value),
    })
    const { honest, claimed, fraud } = judgement
    vectors.push({
      name,
      encoded: encodeProof(scenario.roots(step), proof),
      claimed: `${claimed}`,
      kind: kinds[honest.kind],
      low: `${BigInt.asIntN(64, honest.low)}`,
      high: `${BigInt.asIntN(64, honest.high)}`,
      fraud,
    })
  }
  return vectors
}

const kinds = { any: 0, float: 1, integer: 2, bits: 3 } as const

/** `abi.encode(ExecutionRoots, FraudProof)`. */
function encodeProof(roots: ExecutionRoots, proof: FraudProof): Hex {
  const judge = fraudVerifierAbi.find(
    (item) => item.type === 'function' && item.name === 'judge',
  )
  if (judge?.type !== 'function') throw new Error('judge is not in the ABI')
  const [first, , third] = judge.inputs as readonly AbiParameter[]
  return encodeAbiParameters([first!, third!], [roots, proof])
}
