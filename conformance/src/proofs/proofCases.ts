import { encodeOnnx, type Graph, type OperatorAttribute } from '@lynode/sdk'

/** A model of one node, and which element of its result a proof is about. */
export type ProofCase = {
  name: string
  model: Uint8Array
  /** Shape of the input `x`. */
  x: readonly number[]
  /** Coordinates of the element. */
  element: readonly number[]
  /** Gas of the whole transaction that the project holds itself to. */
  target?: number | undefined
}

const int = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const ints = (values: readonly number[]): OperatorAttribute => ({
  type: 'ints',
  value: values.map(BigInt),
})

function modelOf(
  operator: string,
  x: readonly number[],
  weights: readonly (readonly number[])[],
  attributes: Record<string, OperatorAttribute>,
): Uint8Array {
  const inputs = ['x', ...weights.map((_, i) => `w${i}`)]
  const graph: Graph = {
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: 1, dims: x }],
    outputs: ['y'],
    weights: new Map(
      weights.map((dims, i) => [
        `w${i}`,
        { dtype: 1, dims, bytes: new Uint8Array(noise(dims, i + 2).buffer) },
      ]),
    ),
    nodes: [
      {
        name: operator,
        operator,
        domain: '',
        inputs,
        outputs: ['y'],
        attributes: new Map(Object.entries(attributes)),
      },
    ],
    declared: new Map([['y', { name: 'y', dtype: 1, dims: undefined }]]),
    metadata: new Map(),
  }
  return encodeOnnx(graph)
}

/** Floats from -1 to 1. */
export function noise(dims: readonly number[], seed: number): Float32Array {
  const length = dims.reduce((count, dim) => count * dim, 1)
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state / 2 ** 31
  })
}

function matMul(n: number, target?: number): ProofCase {
  const x = [1, n]
  return {
    name: `MatMul n = ${n.toLocaleString('en-US')}`,
    model: modelOf('MatMul', x, [[n, 1024]], {}),
    x,
    element: [0, 700],
    target,
  }
}

function conv(
  name: string,
  x: readonly number[],
  w: readonly number[],
  group: number,
  target?: number,
): ProofCase {
  const [, , size = 1] = w
  const pad = Math.floor(size / 2)
  const attributes = { group: int(group), pads: ints([pad, pad, pad, pad]) }
  return {
    name,
    model: modelOf('Conv', x, [w], attributes),
    x,
    element: [0, 41, 9, 9],
    target,
  }
}

/** What `bench:proof` measures. */
export const proofCases: readonly (() => ProofCase)[] = [
  () => matMul(64),
  () => matMul(512, 350_000),
  () => matMul(1024),
  () => matMul(4096, 1_600_000),
  () => matMul(11_008),
  () => conv('Conv 3x3x64', [1, 64, 56, 56], [64, 64, 3, 3], 1, 550_000),
  () => conv('Conv 1x1x512', [1, 512, 14, 14], [512, 512, 1, 1], 1),
  () => conv('Conv depthwise 3x3', [1, 64, 56, 56], [64, 1, 3, 3], 64, 500_000),
  () => ({
    name: 'Softmax n = 1,000',
    model: modelOf('Softmax', [16, 1000], [], {}),
    x: [16, 1000],
    element: [7, 500],
    target: 1_500_000,
  }),
  () => ({
    name: 'LayerNormalization n = 768',
    model: modelOf('LayerNormalization', [128, 768], [[768], [768]], {}),
    x: [128, 768],
    element: [70, 300],
  }),
]
