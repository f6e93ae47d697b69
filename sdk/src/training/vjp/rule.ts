import type { GraphAttribute, GraphNode } from '../../onnx/graph.js'
import type { StepBuilder } from '../stepBuilder.js'
import { untrainable } from '../trainingErrors.js'

/** What a rule gets: the node, and the gradient of the loss by its results. */
export type RuleContext = {
  node: GraphNode
  builder: StepBuilder
  /** Name of the gradient of each result; `undefined` where the loss does not depend on it. */
  gradients: readonly (string | undefined)[]
  /** That of the first result. */
  gradient: string
  /** Names of the node's inputs and of its first result. */
  x: string
  y: string
  /** Whether a gradient by this input is needed. */
  wants(input: number): boolean
}

/**
 * A vector-Jacobian product: the gradient by each input (`undefined` where there
 * is none), of the input's shape or of one that it was broadcast to.
 */
export type Rule = (context: RuleContext) => readonly (string | undefined)[]

/** A whole-number attribute. */
export function intOf(node: GraphNode, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : fallback
}

/** A list of whole numbers. */
export function intsOf(node: GraphNode, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

/** A float attribute. */
export function floatOf(
  node: GraphNode,
  name: string,
  fallback: number,
): number {
  const attribute: GraphAttribute | undefined = node.attributes.get(name)
  return attribute?.type === 'float' ? attribute.value : fallback
}

/** Text of a string attribute. */
export function textOf(node: GraphNode, name: string): string | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'string' ? attribute.value : undefined
}

/** LY-TRN-001 about one node. */
export function noGradient(node: GraphNode, reason: string): Error {
  return untrainable(
    `${node.operator} ${JSON.stringify(node.name || node.outputs[0])}: ${reason}`,
  )
}
