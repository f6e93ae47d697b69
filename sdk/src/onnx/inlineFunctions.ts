import { create } from '@bufbuild/protobuf'
import { quote } from '../model/checkSize.js'
import { modelLimits } from '../model/limits.js'
import { unusable } from '../model/modelErrors.js'
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.js'

/** Functions in functions, at most. */
const mostDepth = 32

/**
 * Puts the body of each function that a file defines in the place of every node
 * that calls it (ONNX IR, "Model-local functions"), as PyTorch's exporter writes
 * them. The message is changed; it has no functions afterwards.
 *
 * @throws LynodeError LY-MDL-001 when the functions call each other without end,
 * are of another operator set, or what they unfold to is too large.
 */
export function inlineFunctions(model: ModelProto): void {
  const { graph, functions } = model
  if (graph === undefined || functions.length === 0) return
  const known = new Map(functions.map((one) => [keyOf(one, one.name), one]))
  const versions = versionsOf(model.opsetImport)
  const taken = namesIn(graph.node, new Set())
  for (const { name } of [...graph.input, ...graph.initializer]) taken.add(name)
  const sizes = new Map(functions.map((one) => [one, bytesIn(one.node)]))
  let nodes = 0
  let bytes = 0
  let fresh = 0

  graph.node = unfolded(graph.node, 0, 0)
  model.functions = []

  /** Nodes without calls: how many functions and graphs are around them counts too. */
  function unfolded(
    list: readonly NodeProto[],
    depth: number,
    graphs: number,
  ): NodeProto[] {
    return list.flatMap((node) => {
      // Calls count too: a function may hold nothing but two calls of the next.
      if (++nodes > modelLimits.nodes)
        throw unusable(
          `with its functions in place the graph has more than ${modelLimits.nodes} nodes`,
        )
      const called = known.get(keyOf(node, node.opType))
      if (called !== undefined)
        return unfolded(bodyOf(called, node, depth), depth + 1, graphs)
      // What is nested deeper is refused by whoever reads the model.
      if (graphs < modelLimits.subgraphDepth)
        for (const { g } of node.attribute)
          if (g !== undefined) g.node = unfolded(g.node, depth, graphs + 1)
      return [node]
    })
  }

  /** The nodes of a function as one call has them, with names that nothing else has. */
  function bodyOf(
    called: FunctionProto,
    call: NodeProto,
    depth: number,
  ): NodeProto[] {
    const { name, input, output, opsetImport } = called
    if (depth >= mostDepth)
      throw unusable(
        `its functions call each other more than ${mostDepth} deep`,
      )
    for (const [domain, version] of versionsOf(opsetImport))
      if (versions.has(domain) && versions.get(domain) !== version)
        throw unusable(
          `its function ${quote(name)} is of another operator set than the graph`,
        )
    bytes += sizes.get(called) ?? 0
    if (bytes > modelLimits.tensorBytes)
      throw unusable(
        `the constants of its functions, in place, take more than ${modelLimits.tensorBytes} bytes`,
      )
    const names = new Map<string, string>([['', '']])
    for (const [i, formal] of input.entries())
      names.set(formal, call.input[i] ?? '')
    const copies: NodeProto[] = []
    output.forEach((formal, i) => {
      const actual = call.output[i] ?? ''
      if (actual === '') return
      const same = names.get(formal)
      // An input, or a result that is given twice.
      if (same === undefined) names.set(formal, actual)
      else
        copies.push(
          create(NodeProtoSchema, {
            opType: 'Identity',
            input: [same],
            output: [actual],
          }),
        )
    })
    for (const inner of namesIn(called.node, new Set()))
      if (!names.has(inner)) names.set(inner, freshName(inner))
    const given = new Map(called.attributeProto.map((one) => [one.name, one]))
    for (const one of call.attribute) given.set(one.name, one)
    return [...called.node.map((node) => copied(node, names, given)), ...copies]
  }

  function freshName(name: string): string {
    let made: string
    do made = `${name}_${++fresh}`
    while (taken.has(made))
    taken.add(made)
    return made
  }
}

/** A node of a function with a call's names and attributes, and without a name: no two may have the same. */
function copied(
  node: NodeProto,
  names: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, AttributeProto>,
): NodeProto {
  const nameOf = (name: string) => names.get(name) ?? name
  const { opType, domain, overload } = node
  return create(NodeProtoSchema, {
    ...{ opType, domain, overload },
    input: node.input.map(nameOf),
    output: node.output.map(nameOf),
    attribute: node.attribute.flatMap((attribute) => {
      const { name, refAttrName, type, g } = attribute
      if (refAttrName !== '') {
        const actual = given.get(refAttrName)
        // One that the call leaves out, and that has no default, is left out here too.
        return actual === undefined
          ? []
          : [create(AttributeProtoSchema, { ...contentOf(actual), name })]
      }
      return g === undefined
        ? [attribute]
        : [create(AttributeProtoSchema, { name, type, g: copiedGraph(g) })]
    }),
  })

  function copiedGraph(graph: GraphProto): GraphProto {
    return create(GraphProtoSchema, {
      name: graph.name,
      node: graph.node.map((inner) => copied(inner, names, given)),
      initializer: graph.initializer,
      sparseInitializer: graph.sparseInitializer,
      input: graph.input,
      output: graph.output.map((value) =>
        create(ValueInfoProtoSchema, {
          name: nameOf(value.name),
          ...(value.type && { type: value.type }),
        }),
      ),
    })
  }
}

/** What an attribute holds, without its name. */
function contentOf({
  type,
  f,
  i,
  s,
  t,
  g,
  floats,
  ints,
  strings,
  tensors,
  graphs,
}: AttributeProto) {
  return {
    ...{ type, f, i, s, floats, ints, strings, tensors, graphs },
    ...(t && { t }),
    ...(g && { g }),
  }
}

function keyOf(
  { domain, overload }: Pick<NodeProto, 'domain' | 'overload'>,
  name: string,
): string {
  return [domain === 'ai.onnx' ? '' : domain, name, overload].join('\0')
}

function versionsOf(sets: ModelProto['opsetImport']): Map<string, bigint> {
  return new Map(
    sets.map(({ domain, version }) => [
      domain === 'ai.onnx' ? '' : domain,
      version,
    ]),
  )
}

/** Adds what nodes, and those of graphs inside them, make. */
function namesIn(
  nodes: readonly NodeProto[],
  names: Set<string>,
  depth = 0,
): Set<string> {
  // What is nested deeper is refused by whoever reads the model.
  if (depth > modelLimits.subgraphDepth) return names
  for (const { output, attribute } of nodes) {
    for (const name of output) names.add(name)
    for (const { g } of attribute) {
      if (g !== undefined) namesIn(g.node, names, depth + 1)
    }
  }
  return names
}

/** Bytes of the constants in nodes. */
function bytesIn(nodes: readonly NodeProto[], depth = 0): number {
  if (depth > modelLimits.subgraphDepth) return 0
  let bytes = 0
  for (const { attribute } of nodes)
    for (const { t, g } of attribute) {
      if (t !== undefined)
        bytes +=
          t.rawData.length +
          8 * (t.floatData.length + t.int64Data.length + t.int32Data.length)
      if (g !== undefined) bytes += bytesIn(g.node, depth + 1)
    }
  return bytes
}
