import type { Sha256 } from '../hash/sha256.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { Graph, GraphTensor, GraphValue } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { analyseGraph } from './analyseGraph.js'
import { quote } from './checkSize.js'
import { chooseBoundaries } from './chooseBoundaries.js'
import { chooseLayouts } from './chooseLayouts.js'
import {
  carryKey,
  profileKey,
  readCarry,
  readProfile,
  readSegment,
  segmentKey,
  writeMetadata,
} from './metadata.js'
import { unusable } from './modelErrors.js'
import { readManifest } from './readManifest.js'
import { requireCovered } from './requireCovered.js'
import { separateOutputs } from './separateOutputs.js'
import { keepNeeded, simplifyGraph } from './simplifyGraph.js'

/** Intermediate representation that canonical files name. */
const canonicalIrVersion = 8

/**
 * Last part of canonicalisation, after ONNX Runtime's `basic` level: makes the
 * file from which everybody derives the same manifest. Equal files come out of
 * equal files.
 *
 * @returns The canonical file: what is hashed, distributed and run.
 * @throws LynodeError LY-MDL-001 or LY-MDL-003 when the model cannot be judged.
 * @example
 * const canonical = finishModel(prepareModel(source))
 */
export function finishModel(bytes: Uint8Array, sha256?: Sha256): Uint8Array {
  const source = { ...parseOnnx(bytes), declared: new Map() }
  const carry = readCarry(source.metadata.get(carryKey))
  const first = analyseGraph(source, 'optimised')
  requireCovered(source.nodes, first)
  const simple = separateOutputs(simplifyGraph(source, first))
  requireCarried(simple, carry)

  const second = analyseGraph(simple, 'canonical')
  requireCovered(simple.nodes, second)
  const laidOut = chooseLayouts(simple, second, carry)
  const graph = separateOutputs(orderWeights(keepNeeded(laidOut.graph)))

  const { types } = analyseGraph(graph, 'canonical')
  const declared = new Map<string, GraphValue>()
  for (const name of graph.nodes.flatMap((node) => node.outputs)) {
    const type = types.get(name)
    if (type === undefined) continue
    if (type.dims.includes(0)) throw unusable(`${quote(name)} is empty (B2)`)
    declared.set(name, { name, ...type })
  }
  const canonical = encodeOnnx({
    ...graph,
    irVersion: canonicalIrVersion,
    declared,
    metadata: writeMetadata({
      perms: laidOut.perms,
      boundaries: chooseBoundaries(graph, types),
      derived: [],
      unfused: [],
      carry,
      segment: readSegment(source.metadata.get(segmentKey)),
      profile: readProfile(source.metadata.get(profileKey)),
    }),
  })
  // Nothing is published that a reader would refuse.
  readManifest(canonical, sha256)
  return canonical
}

function requireCarried(
  graph: Graph,
  carry: ReadonlyMap<string, string>,
): void {
  const inputs = graph.inputs.map((input) => input.name)
  for (const [output, input] of carry)
    if (!graph.outputs.includes(output) || !inputs.includes(input))
      throw unusable(
        `the carry ${quote(output)} to ${quote(input)} is not from an output to an input`,
      )
}

/** Weights in the order of their first use, so that the file says it too. */
function orderWeights(graph: Graph): Graph {
  const weights = new Map<string, GraphTensor>()
  for (const name of graph.nodes.flatMap((node) => node.inputs)) {
    const tensor = graph.weights.get(name)
    if (tensor !== undefined) weights.set(name, tensor)
  }
  return { ...graph, weights }
}
