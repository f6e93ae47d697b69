import type { GraphNode, GraphTensor } from '../../onnx/graph.js'
import { OperatorError } from '../../operators/operator.js'
import { dtypes } from '../../types/tensorType.js'
import type { KnownType } from '../foldNode.js'
import type { NodeBuilder } from './nodeBuilder.js'

/** A node that becomes others, with what is known of its inputs. */
export type CompositeNode = {
  node: GraphNode
  /** `undefined` for an absent optional input. */
  types: readonly (KnownType | undefined)[]
  constants: readonly (GraphTensor | undefined)[]
}

/**
 * An operator that is judged as the operators that it consists of. Throws
 * `OperatorError` with the reason when a node has a form that it cannot take
 * apart.
 */
export type Composite = {
  /** What it becomes, for the admission report. */
  rule: string
  /** Whether this node is taken apart; default: every one that has no checker as it is. */
  applies?(composite: CompositeNode, opset: number): boolean
  /** Writes nodes whose results are the node's own. */
  expand(composite: CompositeNode, build: NodeBuilder): void
}

/** A result of the node; `undefined` where nobody named it. */
export function resultOf(node: GraphNode, index: number): string | undefined {
  return node.outputs[index] || undefined
}

/** Type of an input that must be there. */
export function typeOf(
  { node, types }: CompositeNode,
  input: number,
): KnownType {
  const type = types[input]
  if (type === undefined)
    throw new OperatorError(`${node.operator} has no input ${input}`)
  return type
}

/** Name of an input; `undefined` where it is absent. */
export function nameOf(
  { node }: CompositeNode,
  input: number,
): string | undefined {
  return node.inputs[input] || undefined
}

export function intAttribute(
  node: GraphNode,
  name: string,
  fallback: number,
): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : fallback
}

/** A list of integers; `undefined` where the node does not name it. */
export function intsAttribute(
  node: GraphNode,
  name: string,
): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

export function floatAttribute(
  node: GraphNode,
  name: string,
  fallback: number,
): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'float' ? attribute.value : fallback
}

/** Shape of an input that must be there and float32. */
export function floatDims(
  composite: CompositeNode,
  input: number,
): readonly number[] {
  const { dtype, dims } = typeOf(composite, input)
  if (dtype !== dtypes.float32)
    throw new OperatorError(
      `${composite.node.operator} of other types than float32 has no checker`,
    )
  return dims
}

/** A non-negative axis. */
export function axisOf(node: GraphNode, axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis
  if (!(result >= 0 && result < rank))
    throw new OperatorError(
      `${node.operator}: axis ${axis} is outside rank ${rank}`,
    )
  return result
}

/** Name of the first result, which somebody reads. */
export function firstResult(node: GraphNode): string {
  const name = resultOf(node, 0)
  if (name === undefined)
    throw new OperatorError(`${node.operator} without its first result`)
  return name
}

export function stringAttribute(
  node: GraphNode,
  name: string,
  fallback: string,
): string {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? attribute.value : fallback
}
