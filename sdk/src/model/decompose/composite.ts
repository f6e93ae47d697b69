import type { GraphNode, GraphTensor } from '../../onnx/graph.js'
import { OperatorError } from '../../operators/operator.js'
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

export function stringAttribute(
  node: GraphNode,
  name: string,
  fallback: string,
): string {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? attribute.value : fallback
}
