import type { Graph, GraphNode, GraphTensor } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import { checkerOf, operatorOf } from '../operators/index.js'
import {
  type ElementQuery,
  type Operator,
  type OperatorAttribute,
  OperatorError,
  type OperatorForm,
  type OperatorNode,
} from '../operators/operator.js'
import { identityPerm } from '../tensor/tensorType.js'
import type { TensorType } from '../types/tensorType.js'
import { boundingOpset, unbounded } from './boundOperands.js'
import { checkSize, quote } from './checkSize.js'
import { convolutionWeights } from './convolutionWeights.js'
import { composites } from './decompose/index.js'
import { foldNode, isFoldable, type KnownType } from './foldNode.js'
import { modelLimits } from './limits.js'
import { dynamicShape, unusable } from './modelErrors.js'
import { proofTooLarge } from './proofSize.js'

/** What becomes of one node. */
export type NodeVerdict =
  /** Judged by a checker. */
  | { kind: 'checked'; operator: Operator; form: OperatorForm }
  /** A constant: shape arithmetic. */
  | { kind: 'folded'; value: GraphTensor }
  /** Rewritten or removed by canonicalisation. */
  | { kind: 'rewritten'; rule: string }
  | {
      kind: 'refused'
      reason: string
      /** The value that would have to be a constant, if that is the reason. */
      needs?: string | undefined
    }
  /** A refused operator in front of it hides a shape that it is judged by. */
  | { kind: 'unknown' }

export type Analysis = {
  /** One a node of the graph, in order. */
  verdicts: readonly NodeVerdict[]
  /** Types of all values whose type is known. */
  types: ReadonlyMap<string, KnownType>
  /** Weights and folded values. */
  constants: ReadonlyMap<string, GraphTensor>
  /** Bytes of all weights and intermediates. */
  bytes: number
}

/**
 * How far a graph is: in a `source` ONNX Runtime still folds every node that
 * only constants feed, an `optimised` one has been through that, and in a
 * `canonical` one every node is judged by a checker.
 */
export type Stage = 'source' | 'optimised' | 'canonical'

/** Operators that canonicalisation replaces, and by what. */
const rewrites: Partial<Record<string, string>> = {
  BatchNormalization: 'becomes Mul and Add',
  Dropout: 'removed: it does nothing at inference',
}

/**
 * Walks a graph once, in its order: infers every type through the operators'
 * own forms, folds shape arithmetic, and says of each node what judges it.
 *
 * @throws LynodeError LY-MDL-001 when the graph is malformed or too large,
 * LY-MDL-002 when an input has no static shape.
 * @example
 * analyseGraph(parseOnnx(file), 'canonical').verdicts.length
 */
export function analyseGraph(graph: Graph, stage: Stage): Analysis {
  const types = new Map<string, KnownType>()
  const constants = new Map<string, GraphTensor>(graph.weights)
  const defined = new Set<string>()
  // What only constants lead to.
  const fixed = new Set<string>(graph.weights.keys())
  const producers = new Map<string, GraphNode>()
  // What a value of unknown type behind a refused operator leads to.
  const veiled = new Set<string>()
  let bytes = 0
  const define = (name: string, type: KnownType | undefined): void => {
    if (name === '' || defined.has(name))
      throw unusable(`value ${quote(name)} is defined twice`)
    defined.add(name)
    if (type === undefined) return
    bytes += checkSize(name, type.dtype, type.dims)
    if (bytes > modelLimits.totalBytes)
      throw unusable(
        `weights and intermediates take more than ${modelLimits.totalBytes} bytes`,
      )
    types.set(name, type)
  }

  for (const { name, dtype, dims } of graph.inputs) {
    if (dims?.every((dim) => dim !== undefined) !== true)
      throw dynamicShape(`input ${quote(name)} has no static shape`)
    define(name, { dtype, dims: dims as number[] })
  }
  for (const [name, { dtype, dims }] of graph.weights)
    define(name, { dtype, dims })

  const verdicts = graph.nodes.map((node) => {
    for (const input of node.inputs)
      if (input !== '' && !defined.has(input))
        throw unusable(
          `${describe(node)} reads ${quote(input)}, which nothing before it defines`,
        )
    const known = { types, constants, fixed, producers, veiled, stage }
    const { verdict, outputs } = judge(node, graph, known)
    if (node.inputs.length > 0 && node.inputs.every((name) => fixed.has(name)))
      for (const name of node.outputs) fixed.add(name)
    node.outputs.forEach((name, i) => {
      producers.set(name, node)
      if (name !== '') define(name, outputs[i] ?? declaredType(graph, name))
    })
    const blocked = node.inputs.some((name) => veiled.has(name))
    for (const name of node.outputs)
      if (blocked || (verdict.kind === 'refused' && !types.has(name)))
        veiled.add(name)
    if (verdict.kind === 'folded')
      constants.set(node.outputs[0]!, verdict.value)
    return verdict
  })
  for (const output of graph.outputs)
    if (!defined.has(output))
      throw unusable(`nothing defines the output ${quote(output)}`)
  if (graph.outputs.length === 0) throw unusable('the graph has no output')
  return { verdicts, types, constants, bytes }
}

/** What is known before a node. */
type Known = {
  types: ReadonlyMap<string, KnownType>
  constants: ReadonlyMap<string, GraphTensor>
  fixed: ReadonlySet<string>
  producers: ReadonlyMap<string, GraphNode>
  veiled: ReadonlySet<string>
  stage: Stage
}

function judge(
  node: GraphNode,
  graph: Graph,
  known: Known,
): { verdict: NodeVerdict; outputs: readonly KnownType[] } {
  const { types, constants, fixed, veiled, stage } = known
  const refuse = (reason: string, needs?: string) => ({
    verdict: {
      kind: 'refused' as const,
      reason,
      ...(needs !== undefined && { needs }),
    },
    outputs: [],
  })
  const unknown = { verdict: { kind: 'unknown' as const }, outputs: [] }
  if (node.domain !== '')
    return refuse(`it is of the domain ${quote(node.domain)}, not of ONNX`)
  for (const [name, attribute] of node.attributes)
    if (attribute.type === 'other')
      return refuse(`its attribute ${quote(name)} is a ${attribute.what}`)
    else if (attribute.type === 'strings')
      return refuse(`its attribute ${quote(name)} is a list of strings`)
    else if (attribute.type === 'graph')
      return node.operator !== 'If'
        ? refuse(`its attribute ${quote(name)} is a subgraph`)
        : veiled.has(node.inputs[0] ?? '')
          ? unknown
          : refuse(
              'its condition depends on an input that is no constant',
              node.inputs[0],
            )

  const inputs = node.inputs.map((name) => types.get(name))
  const contents = node.inputs.map((name) => constants.get(name))
  if (stage !== 'canonical') {
    const folded = foldNode(node, graph.opset, inputs, contents)
    if (folded !== undefined)
      return { verdict: { kind: 'folded', value: folded }, outputs: [folded] }
    const rule = Object.hasOwn(rewrites, node.operator)
      ? rewrites[node.operator]
      : undefined
    if (rule !== undefined) {
      const reason = notForInference(node, constants, fixed)
      if (reason !== undefined) return refuse(reason)
      return {
        verdict: { kind: 'rewritten', rule },
        outputs: inputs[0] ? [inputs[0]] : [],
      }
    }
  }
  const operator = operatorOf(node.operator)
  const blind = node.inputs.some(
    (name, i) => name !== '' && inputs[i] === undefined,
  )
  if (blind && (operator !== undefined || isFoldable(node.operator)))
    return unknown
  if (operator === undefined) {
    const folds =
      stage === 'source' &&
      node.inputs.length > 0 &&
      node.inputs.every((name) => fixed.has(name))
    if (folds)
      return {
        verdict: { kind: 'rewritten', rule: 'folded by ONNX Runtime' },
        outputs: [],
      }
    // Once the shapes in front of it are known it is taken apart.
    if (
      blind &&
      stage === 'source' &&
      composites.has(node.operator) &&
      node.inputs.some((name) => veiled.has(name))
    )
      return unknown
    return refuse('no checker of the protocol covers this operator')
  }
  const infinite = convolutionWeights(
    node,
    contents[1],
    stage === 'source' && fixed.has(node.inputs[1] ?? ''),
  )
  if (infinite !== undefined) return refuse(infinite)
  try {
    const form = operator.form(
      operatorNode(node, graph.opset, inputs, contents),
    )
    const loose = unbounded(node, form, known)
    if (loose.length > 0 && graph.opset < boundingOpset)
      return refuse(
        `indices that are data need operator set ${boundingOpset}, which clips integers (C5)`,
      )
    if (loose.length > 0 && stage === 'canonical')
      return refuse('no Clip keeps its indices in range (C5)')
    if (form.inputs.some((input) => inputs[input]?.dims.includes(0)))
      return refuse('an operand of it has no element (B2)')
    // Sizes first: what is too large for a tensor is no matter of proofs.
    form.outputs.forEach(({ dtype, dims }, i) => {
      checkSize(node.outputs[i] ?? node.name, dtype, dims)
    })
    const checker = checkerOf(form.opcode) ?? operator.checker
    const large = proofTooLarge(checker, committedForm(form, inputs))
    if (large !== undefined) return { ...refuse(large), outputs: form.outputs }
    return {
      verdict: { kind: 'checked', operator, form },
      outputs: form.outputs,
    }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const needs = node.inputs[error.input ?? node.inputs.length]
    return needs !== undefined && veiled.has(needs)
      ? unknown
      : refuse(error.message, needs)
  }
}

/** Why a BatchNormalization or Dropout cannot be rewritten; `undefined` if it can. */
function notForInference(
  node: GraphNode,
  constants: ReadonlyMap<string, GraphTensor>,
  fixed: ReadonlySet<string>,
): string | undefined {
  if (node.operator === 'BatchNormalization') {
    const training = node.attributes.get('training_mode')
    if (training?.type === 'int' && training.value !== 0n)
      return 'it is in training mode'
    return node.inputs.slice(1).every((name) => fixed.has(name))
      ? undefined
      : 'its parameters are not constants'
  }
  const training = node.inputs[2]
  if (!training) return undefined
  const value = constants.get(training)
  return value?.bytes.every((byte) => byte === 0)
    ? undefined
    : 'it may be in training mode'
}

/** A node as its checker would have it committed. */
export function committedForm(
  form: OperatorForm,
  inputs: readonly (KnownType | undefined)[],
): Omit<ElementQuery, 'output' | 'element'> {
  return {
    opcode: form.opcode,
    attributes: form.attributes,
    inputs: form.inputs.map((input, kept) => {
      const type = inputs[input]
      return type && laidOut(type, form.layouts[kept])
    }),
    outputs: form.outputs.map((type) => laidOut(type, undefined)),
  }
}

/** As the checker of the node would have it committed. */
function laidOut(
  { dtype, dims }: KnownType,
  perm: readonly number[] | undefined,
): TensorType {
  return { dtype, dims, perm: perm ?? identityPerm(dims.length) }
}

/** The node as `Operator.form` takes it. */
export function operatorNode(
  node: GraphNode,
  opset: number,
  inputs: readonly (KnownType | undefined)[],
  contents: readonly (GraphTensor | undefined)[],
): OperatorNode {
  const attributes = new Map<string, OperatorAttribute>()
  for (const [name, attribute] of node.attributes)
    if (
      attribute.type !== 'tensor' &&
      attribute.type !== 'graph' &&
      attribute.type !== 'strings' &&
      attribute.type !== 'other'
    )
      attributes.set(name, attribute)
  return {
    operator: node.operator,
    opset,
    attributes,
    outputs: node.outputs.length,
    inputs: inputs.map((type, i) => {
      const content = contents[i]
      if (type === undefined) return undefined
      if (content === undefined) return type
      // Read on demand: most weights are never looked into.
      return {
        ...type,
        get constant() {
          return tensorData(content)
        },
      }
    }),
  }
}

/** For values behind a refused operator, so that the walk can go on. */
function declaredType(graph: Graph, name: string): KnownType | undefined {
  const value = graph.declared.get(name)
  if (value?.dims?.every((dim) => dim !== undefined))
    return { dtype: value.dtype, dims: value.dims as number[] }
  return undefined
}

/** A node for messages. */
export function describe(node: GraphNode): string {
  const label = node.name || node.outputs.find((name) => name !== '')
  return `${node.operator}${label === undefined ? '' : ` ${quote(label)}`}`
}
