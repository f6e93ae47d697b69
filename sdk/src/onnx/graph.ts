import type { OperatorAttribute } from '../operators/operator.js'
import type { Dtype } from '../types/tensorType.js'

/** A constant tensor: row-major, little-endian. Dimensions may be 0 here. */
export type GraphTensor = {
  dtype: Dtype
  dims: readonly number[]
  bytes: Uint8Array
}

/** Type that a file declares for a value. */
export type GraphValue = {
  name: string
  dtype: Dtype
  /** `undefined` where the file names no size; all of it where it has no shape. */
  dims: readonly (number | undefined)[] | undefined
}

/**
 * An attribute of a node. `other` stands for what no operator of the protocol
 * can have: sparse tensors, types, lists of tensors or graphs.
 */
export type GraphAttribute =
  | OperatorAttribute
  | { type: 'tensor'; value: GraphTensor }
  | { type: 'graph'; value: Subgraph }
  | { type: 'strings'; value: readonly string[] }
  | { type: 'other'; what: string }

/** A graph inside a node, such as a branch of If. It reads values around it by name. */
export type Subgraph = {
  /** Names of its own inputs. */
  inputs: readonly string[]
  outputs: readonly string[]
  weights: ReadonlyMap<string, GraphTensor>
  nodes: readonly GraphNode[]
}

/** A node. An absent optional input or output has the empty name. */
export type GraphNode = {
  name: string
  operator: string
  /** Empty for the standard domain. */
  domain: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: ReadonlyMap<string, GraphAttribute>
}

/** What an ONNX file says, without protobuf and without its decorations. */
export type Graph = {
  /** Version of the standard operator set. */
  opset: number
  irVersion: number
  inputs: readonly GraphValue[]
  outputs: readonly string[]
  weights: ReadonlyMap<string, GraphTensor>
  nodes: readonly GraphNode[]
  /** Types that the file declares for outputs and intermediates. */
  declared: ReadonlyMap<string, GraphValue>
  metadata: ReadonlyMap<string, string>
}
