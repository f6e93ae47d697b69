import { nodeSha256 } from '@lynode/runtime'
import {
  encodeOnnx,
  finishModel,
  type Graph,
  type GraphNode,
  type GraphTensor,
  prepareModel,
} from '@lynode/sdk'
import { type Random, randomOf } from '../../random.js'

type Attribute = number | readonly number[] | { float: number }

/** A node of a model of its own. */
export type Case = {
  operator: string
  /** Dims of operands that move, by name. */
  inputs: Record<string, number[]>
  /** Indices behind them, an input. */
  indices?: number[]
  /** Dims of random constants, behind them; or whole numbers. */
  weights?: (number[] | { ints: number[] })[]
  /** Dims of a random mask before them. */
  mask?: number[]
  attributes?: Record<string, Attribute>
  opset?: number
  output: number[]
  /** Whether the bounds leave room that is wide enough to measure. */
  room?: true
}

/** Numbers that are not next to a kink of Relu, Clip or HardSigmoid. */
export function floats(random: Random, dims: readonly number[]): Float32Array {
  return Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => {
    const size = 0.06 + (0.4 * random()) / 2 ** 32
    return random() % 2 === 0 ? size : -size - (random() % 2)
  })
}

/** A model of one node. */
export function modelOf({
  operator,
  inputs,
  indices,
  mask,
  weights = [],
  attributes = {},
  opset = 17,
  output,
}: Omit<Case, 'room'>): Uint8Array {
  const random = randomOf(4)
  const constants = weights.map((weight, i) => {
    const ints = !Array.isArray(weight)
    const dims = ints ? [weight.ints.length] : weight
    const data = ints
      ? BigInt64Array.from(weight.ints, BigInt)
      : floats(random, dims)
    const dtype = ints ? (7 as const) : (1 as const)
    return [`w${i}`, { dtype, dims, bytes: bytesOf(data) }] as const
  })
  const float = (name: string, dims: number[]) => ({
    ...{ name, dtype: 1 as const, dims },
  })
  const masks = (mask === undefined ? [] : [mask]).map((dims) => {
    const bytes = Uint8Array.from(floats(random, dims), (x) => Number(x > 0))
    return ['mask', { dtype: 9 as const, dims, bytes }] as const
  })
  const node: GraphNode = {
    name: 'node',
    operator,
    domain: '',
    inputs: [
      ...(mask === undefined ? [] : ['mask']),
      ...Object.keys(inputs),
      ...(indices === undefined ? [] : ['indices']),
      ...constants.map(([name]) => name),
    ],
    outputs: ['y'],
    attributes: new Map(
      Object.entries(attributes).map(([name, value]) => [
        name,
        attributeOf(value),
      ]),
    ),
  }
  const graph: Graph = {
    opset,
    irVersion: 8,
    inputs: [
      ...Object.entries(inputs).map(([name, dims]) => float(name, dims)),
      ...(indices === undefined
        ? []
        : [{ name: 'indices', dtype: 7 as const, dims: [indices.length] }]),
    ],
    outputs: ['y'],
    weights: new Map<string, GraphTensor>([...constants, ...masks]),
    nodes: [node],
    declared: new Map([['y', float('y', output)]]),
    metadata: new Map(),
  }
  return finishModel(prepareModel(encodeOnnx(graph)), nodeSha256)
}

function attributeOf(value: Attribute) {
  if (typeof value === 'number')
    return { type: 'int' as const, value: BigInt(value) }
  if ('float' in value) return { type: 'float' as const, value: value.float }
  return { type: 'ints' as const, value: value.map(BigInt) }
}

function bytesOf(data: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer)
}
