import { defaultSha256, type Sha256 } from '../hash/sha256.js'
import { encodeOnnx } from '../onnx/encodeOnnx.js'
import type { Graph } from '../onnx/graph.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { checkerOf } from '../operators/index.js'
import { profiles } from '../operators/sumRules.js'
import { judgedEntries } from '../proof/judgedManifest.js'
import { tensorRootOf } from '../tensor/tensorRoot.js'
import { identityPerm, sameType } from '../tensor/tensorType.js'
import { blobRoot } from '../tree/blobRoot.js'
import {
  type Hex,
  type Manifest,
  type ManifestNode,
  type ManifestValue,
  none,
} from '../types/manifest.js'
import type { TensorType } from '../types/tensorType.js'
import { type Analysis, analyseGraph } from './analyseGraph.js'
import { checkDerived } from './checkDerived.js'
import { checkGroups } from './checkGroups.js'
import { checkQuotients } from './checkQuotients.js'
import { quote } from './checkSize.js'
import { manifestTree } from './encodeManifest.js'
import { formClass } from './formClass.js'
import { modelLimits } from './limits.js'
import { type Metadata, readMetadata, writeMetadata } from './metadata.js'
import { refused, unusable } from './modelErrors.js'
import { modelIdOf } from './modelId.js'
import { derivedTooLarge, proofTooLarge } from './proofSize.js'
import { requireCovered } from './requireCovered.js'

/**
 * Derives the manifest from a canonical file alone, and checks all of it: the
 * file is byte for byte what its own content encodes to, shapes are inferred
 * anew, every node is judged by a checker, orders and slots are valid. Two
 * readers of one file get one manifest (RULES H).
 *
 * @throws LynodeError LY-MDL-001 when the file is not canonical, LY-MDL-003 when
 * a node cannot be judged.
 * @example
 * const { modelId, class: kind } = readManifest(file)
 */
export function readManifest(
  bytes: Uint8Array,
  sha256: Sha256 = defaultSha256,
): Manifest {
  const graph = parseOnnx(bytes)
  // Invariant: what ONNX Runtime could read besides the graph is not there.
  if (!sameBytes(encodeOnnx(graph), bytes))
    throw unusable('the file is not in canonical form')
  const results = graph.nodes.reduce((n, node) => n + node.outputs.length, 0)
  if (results > modelLimits.activations + modelLimits.bundle)
    throw unusable(`the model has ${results} intermediates and outputs`)
  const metadata = readMetadata(graph.metadata)
  if (!sameEntries(writeMetadata(metadata), graph.metadata))
    throw unusable('the metadata is not in canonical form')
  if (!Object.values<number>(profiles).includes(metadata.profile))
    throw unusable(`there is no numeric profile ${metadata.profile}`)
  if (metadata.segment > 1 && metadata.carry.size === 0)
    throw unusable('segments are of models that carry something')
  const analysis = analyseGraph(graph, 'canonical')
  requireCovered(graph.nodes, analysis)
  checkDeclared(graph, analysis)

  const { values, indices } = valuesOf(graph, analysis, metadata, sha256)
  const nodes = nodesOf(graph, analysis, indices)
  checkDerived(values, nodes)
  checkProofs(values, nodes, metadata.profile)
  if (metadata.profile === profiles['f32-wgsl']) {
    checkQuotients(graph, values, nodes)
    checkGroups(graph, values, nodes)
  }
  const activations = values.filter((v) => v.kind === 'activation').length
  // A4: the tensor roots of a trace fit one transaction.
  if (activations > modelLimits.activations)
    throw unusable(
      `the model has ${activations} intermediates to commit, the limit is ${modelLimits.activations}`,
    )
  const header = {
    manifestRoot: manifestTree({ values, nodes }, sha256).root,
    fileRoot: blobRoot(bytes, sha256),
    fileBytes: BigInt(bytes.length),
    values: values.length,
    nodes: nodes.length,
    inputs: graph.inputs.length,
    outputs: graph.outputs.length,
    carried: metadata.carry.size,
    activations,
    segment: metadata.segment,
    profile: metadata.profile,
  }
  return {
    header,
    modelId: modelIdOf(header),
    values,
    nodes,
    class: analysis.verdicts.some(
      (verdict) =>
        verdict.kind === 'checked' && formClass(verdict.form) === 'float',
    )
      ? 'float'
      : 'exact',
  }
}

/** Every result is declared with the type that the forms infer, and nothing else is. */
function checkDeclared(graph: Graph, analysis: Analysis): void {
  const results = graph.nodes.flatMap((node) => node.outputs)
  for (const name of results) {
    const type = analysis.types.get(name)
    const declared = graph.declared.get(name)
    if (
      type === undefined ||
      declared?.dtype !== type.dtype ||
      declared.dims?.join() !== type.dims.join()
    )
      throw unusable(
        `the declared type of ${quote(name)} is not the inferred one`,
      )
  }
  if (graph.declared.size !== results.length)
    throw unusable('a type is declared for something that no node computes')
}

function valuesOf(
  graph: Graph,
  analysis: Analysis,
  metadata: Metadata,
  sha256: Sha256,
): { values: ManifestValue[]; indices: Map<string, number> } {
  const values: ManifestValue[] = []
  const indices = new Map<string, number>()
  const add = (value: ManifestValue): void => {
    indices.set(value.name, values.length)
    values.push(value)
  }
  const base = (name: string) => ({
    name,
    type: typeOf(name, analysis, metadata),
    boundary: metadata.boundaries.includes(name),
  })

  const carriedOutputs = graph.outputs.filter((name) =>
    metadata.carry.has(name),
  )
  const outputOf = new Map([...metadata.carry].map(([o, i]) => [i, o]))
  let later = 0
  graph.inputs.forEach(({ name }, slot) => {
    const carriedSlot = carriedOutputs.indexOf(outputOf.get(name) ?? '')
    const carried = carriedSlot >= 0
    add({
      ...base(name),
      kind: 'input',
      slot,
      laterSlot: carried ? none : later++,
      carriedSlot: carried ? carriedSlot : none,
    })
  })

  graph.nodes.forEach((node, i) => {
    const verdict = analysis.verdicts[i]!
    if (verdict.kind !== 'checked') return
    for (const input of verdict.form.inputs) {
      const name = node.inputs[input] ?? ''
      const tensor = graph.weights.get(name)
      if (tensor === undefined || indices.has(name)) continue
      const type = typeOf(name, analysis, metadata)
      const root: Hex = tensorRootOf(type, tensor.bytes, sha256)
      add({ ...base(name), kind: 'weight', tensorRoot: root })
    }
  })

  const derived = new Set(metadata.derived)
  let traceIndex = 0
  let plain = 0
  graph.nodes.forEach((node, i) => {
    for (const name of node.outputs) {
      const common = base(name)
      if (graph.outputs.includes(name)) {
        const carriedSlot = carriedOutputs.indexOf(name)
        const carried = carriedSlot >= 0
        add({
          ...common,
          kind: 'output',
          carried,
          // Slots follow the order of the graph's outputs, set below.
          slot: carried ? carriedSlot : plain++,
        })
      } else if (derived.delete(name))
        add({ ...common, kind: 'derived', node: i })
      else add({ ...common, kind: 'activation', traceIndex: traceIndex++ })
    }
  })
  const plainOutputs = graph.outputs.filter((name) => !metadata.carry.has(name))
  for (const value of values)
    if (value.kind === 'output' && !value.carried)
      value.slot = plainOutputs.indexOf(value.name)

  if (derived.size > 0) throw unusable('a derived value is not an intermediate')
  checkMetadata(graph, values, indices, metadata)
  return { values, indices }
}

function checkMetadata(
  graph: Graph,
  values: readonly ManifestValue[],
  indices: ReadonlyMap<string, number>,
  metadata: Metadata,
): void {
  const valueNamed = (name: string) => values[indices.get(name) ?? -1]
  for (const name of metadata.perms.keys())
    if (valueNamed(name) === undefined)
      throw unusable(`an order is given for ${quote(name)}, which is no value`)
  for (const name of metadata.boundaries)
    if (valueNamed(name)?.kind !== 'activation')
      throw unusable(`the boundary ${quote(name)} is not an activation`)
  for (const name of metadata.unfused)
    if (valueNamed(name)?.kind !== 'activation')
      throw unusable(`${quote(name)} is declared and no activation`)
  if (new Set(metadata.unfused).size !== metadata.unfused.length)
    throw unusable('a declared value is named twice')
  if (new Set(metadata.boundaries).size !== metadata.boundaries.length)
    throw unusable('a boundary is named twice')
  if (new Set(metadata.carry.values()).size !== metadata.carry.size)
    throw unusable('two outputs are carried to one input')
  for (const [output, input] of metadata.carry) {
    const from = valueNamed(output)
    const to = valueNamed(input)
    // The tensor root of the one is the tensor root of the other.
    if (
      from?.kind !== 'output' ||
      to?.kind !== 'input' ||
      !sameType(from.type, to.type)
    )
      throw unusable(
        `${quote(output)} cannot be carried to ${quote(input)}: another type or order`,
      )
  }
  for (const name of graph.outputs)
    if (valueNamed(name)?.kind !== 'output')
      throw unusable(
        `the output ${quote(name)} is not the result of a node (B4)`,
      )
  if (new Set(graph.outputs).size !== graph.outputs.length)
    throw unusable('the graph names an output twice')
  const used = graph.nodes.flatMap((node) => node.inputs)
  const order = [...new Set(used)].filter((name) => graph.weights.has(name))
  if (order.join('\0') !== [...graph.weights.keys()].join('\0'))
    throw unusable('the weights are not those that the nodes use, in order')
}

function typeOf(
  name: string,
  analysis: Analysis,
  metadata: Metadata,
): TensorType {
  const type = analysis.types.get(name)
  if (type === undefined) throw unusable(`${quote(name)} has no known type`)
  if (type.dims.includes(0)) throw unusable(`${quote(name)} is empty (B2)`)
  const perm = metadata.perms.get(name) ?? identityPerm(type.dims.length)
  if (perm.length !== type.dims.length)
    throw unusable(`the order of ${quote(name)} is not one of its axes`)
  return { dtype: type.dtype, dims: [...type.dims], perm }
}

function nodesOf(
  graph: Graph,
  analysis: Analysis,
  indices: ReadonlyMap<string, number>,
): ManifestNode[] {
  const names = new Set<string>()
  return graph.nodes.map((node, i) => {
    const verdict = analysis.verdicts[i]!
    if (verdict.kind !== 'checked')
      throw unusable(`${quote(node.name)} is not canonical: ${verdict.kind}`)
    if (node.name === '' || names.has(node.name))
      throw unusable(`two nodes are called ${quote(node.name)}`)
    names.add(node.name)
    const { form } = verdict
    if (form.outputs.length !== node.outputs.length)
      throw unusable(`${quote(node.name)} names another number of results`)
    return {
      name: node.name,
      operator: node.operator,
      opcode: form.opcode,
      inputs: form.inputs.map((input) => {
        const name = node.inputs[input] ?? ''
        return name === '' ? none : indices.get(name)!
      }),
      outputs: node.outputs.map((name) => indices.get(name)!),
      attributes: form.attributes,
    }
  })
}

/** With the orders that the file names, every element can be proved wrong (A9). */
function checkProofs(
  values: readonly ManifestValue[],
  nodes: readonly ManifestNode[],
  profile: number,
): void {
  const judged = judgedEntries(values, nodes, profile)
  nodes.forEach(({ name, opcode, attributes, inputs, outputs }, node) => {
    const checker = checkerOf(opcode)
    const behind = inputs.some((input) => values[input]?.kind === 'derived')
    const large = behind
      ? derivedTooLarge(judged, node)
      : checker &&
        proofTooLarge(checker, {
          opcode,
          attributes,
          inputs: inputs.map((input) => values[input]?.type),
          outputs: outputs.map((output) => values[output]!.type),
        })
    if (large !== undefined) throw refused(`${quote(name)}: ${large}`)
  })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function sameEntries(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): boolean {
  return JSON.stringify([...a]) === JSON.stringify([...b])
}
