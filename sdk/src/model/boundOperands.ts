import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { tensorData } from '../onnx/tensorData.js'
import type { OperatorForm } from '../operators/operator.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import type { KnownType } from './foldNode.js'
import { freshName } from './simplifyGraph.js'

/** First operator set whose Clip takes integers. */
export const boundingOpset = 12

/** What is known of the values before a node. */
export type Bounds = {
  types: ReadonlyMap<string, KnownType>
  constants: ReadonlyMap<string, GraphTensor>
  /** The node that computes a value. */
  producers: ReadonlyMap<string, GraphNode>
}

/** Inputs of a node that may leave the bounds that its form names (C5). */
export function unbounded(
  node: GraphNode,
  form: OperatorForm,
  bounds: Bounds,
): NonNullable<OperatorForm['bounded']> {
  return (form.bounded ?? []).filter(
    ({ input, low, high }) =>
      !isClipped(node.inputs[input] ?? '', low, high, bounds),
  )
}

function isClipped(
  name: string,
  low: number,
  high: number,
  { types, constants, producers }: Bounds,
): boolean {
  let producer = producers.get(name)
  // A Cast to a wider integer changes nothing.
  if (
    producer?.operator === 'Cast' &&
    types.get(name)?.dtype === dtypes.int64 &&
    types.get(producer.inputs[0] ?? '')?.dtype === dtypes.int32
  )
    producer = producers.get(producer.inputs[0] ?? '')
  if (producer?.operator !== 'Clip') return false
  const [x = '', ...limits] = producer.inputs
  // Kernels clip int64 by halves (ONNX Runtime 1.30): only int32 is sure to hold.
  if (types.get(x)?.dtype !== dtypes.int32) return false
  const [min, max] = limits.map((limit) => {
    const tensor = constants.get(limit)
    return tensor && Number(tensorData(tensor)[0])
  })
  return min !== undefined && max !== undefined && min >= low && max <= high
}

/**
 * The node reading Clips of those inputs (C5), and the nodes to put before it:
 * Cast to int32, Clip, Cast back. What is in range stays what it is.
 */
export function boundOperands(
  node: GraphNode,
  form: OperatorForm,
  bounds: Bounds,
  weights: Map<string, GraphTensor>,
): GraphNode[] {
  const added: GraphNode[] = []
  const inputs = [...node.inputs]
  for (const { input, low, high } of unbounded(node, form, bounds)) {
    const name = inputs[input] ?? ''
    const dtype = bounds.types.get(name)?.dtype ?? dtypes.int64
    const fresh = (suffix: string) =>
      freshName(`${node.outputs[0]}_${suffix}${input}`, [bounds.types, weights])
    const cast = (from: string, to: string, type: Dtype): string => {
      added.push(
        made('Cast', [from], to, [
          ['to', { type: 'int', value: BigInt(type) }],
        ]),
      )
      return to
    }
    const narrow =
      dtype === dtypes.int32 ? name : cast(name, fresh('narrow'), dtypes.int32)
    const limit = (suffix: string, value: number): string => {
      const limited = fresh(suffix)
      weights.set(limited, {
        dtype: dtypes.int32,
        dims: [],
        bytes: new Uint8Array(Int32Array.of(value).buffer),
      })
      return limited
    }
    const clipped = fresh('clipped')
    added.push(
      made('Clip', [narrow, limit('least', low), limit('most', high)], clipped),
    )
    inputs[input] =
      dtype === dtypes.int32 ? clipped : cast(clipped, fresh('index'), dtype)
  }
  return [...added, { ...node, inputs }]
}

function made(
  operator: string,
  inputs: string[],
  output: string,
  attributes: [string, { type: 'int'; value: bigint }][] = [],
): GraphNode {
  return {
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: new Map(attributes),
  }
}
