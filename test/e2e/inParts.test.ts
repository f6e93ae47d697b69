import { canonicalise, nodeSha256, Runner } from '@lynode/runtime'
import {
  committedIndex,
  type Dtype,
  dtypes,
  elementBytes,
  elementCount,
  encodeOnnx,
  type GraphTensor,
  judgedManifest,
  type OperatorAttribute,
  proofWay,
  readManifest,
} from '@lynode/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { execute } from '../../conformance/src/execution/execute.js'
import { judgeInParts } from '../../conformance/src/execution/judgeInParts.js'
import { localContract } from '../../conformance/src/execution/localContract.js'
import {
  pushedOutside,
  withElement,
} from '../../conformance/src/execution/pushes.js'

// RULES A9: every reduction, over more elements than a transaction carries. ONNX
// Runtime computes, the contract absorbs the terms part by part; its verdict is
// the twin's, who reads the whole row.

const runner = new Runner({ sessions: 1 })
let chain: Awaited<ReturnType<typeof localContract>> | undefined

beforeAll(async () => {
  chain = await localContract()
}, 240_000)

afterAll(async () => {
  await runner.close()
  await chain?.stop()
})

type Case = {
  operator: string
  /** The first operand is the input, the others are weights. */
  operands: readonly GraphTensor[]
  result: Dtype
  attributes?: Record<string, OperatorAttribute>
  /** From behind; default: the last one. */
  element?: number
}

const { float32, uint8, int32, int64 } = dtypes

const cases: readonly Case[] = [
  {
    operator: 'MatMul',
    operands: [tensor(float32, [1, 20_000]), tensor(float32, [20_000, 2])],
    result: float32,
  },
  {
    operator: 'ReduceSum',
    // More than the 65,535 terms of one transaction's sum.
    operands: [tensor(float32, [2, 70_000]), constant(int64, [1n])],
    result: float32,
  },
  {
    operator: 'GlobalAveragePool',
    operands: [tensor(float32, [1, 2, 300, 300])],
    result: float32,
  },
  {
    operator: 'AveragePool',
    operands: [tensor(float32, [1, 1, 200, 200])],
    result: float32,
    attributes: { kernel_shape: ints(180, 180) },
    element: 200,
  },
  {
    operator: 'MaxPool',
    operands: [tensor(float32, [1, 1, 200, 200])],
    result: float32,
    attributes: { kernel_shape: ints(180, 180) },
    element: 200,
  },
  {
    operator: 'MaxPool',
    operands: [tensor(uint8, [1, 1, 331, 331])],
    result: uint8,
    attributes: { kernel_shape: ints(330, 330) },
  },
  {
    operator: 'CumSum',
    operands: [tensor(float32, [1, 30_000]), constant(int64, [1n])],
    result: float32,
  },
  {
    operator: 'CumSum',
    operands: [tensor(int64, [1, 30_000]), constant(int64, [1n])],
    result: int64,
    attributes: { reverse: { type: 'int', value: 1n } },
    element: 30_000,
  },
  {
    operator: 'Softmax',
    operands: [tensor(float32, [1, 20_000])],
    result: float32,
  },
  {
    operator: 'LayerNormalization',
    operands: [
      tensor(float32, [2, 30_000]),
      tensor(float32, [30_000]),
      tensor(float32, [30_000]),
    ],
    result: float32,
    element: 12_345,
  },
  {
    operator: 'MatMulInteger',
    operands: [
      tensor(uint8, [1, 60_000]),
      tensor(uint8, [60_000, 2]),
      tensor(uint8, []),
      tensor(uint8, [2]),
    ],
    result: int32,
  },
  {
    operator: 'ConvInteger',
    operands: [
      tensor(uint8, [1, 1, 112, 1150]),
      tensor(uint8, [1, 1, 110, 110]),
      tensor(uint8, []),
    ],
    result: int32,
    element: 1500,
  },
  {
    operator: 'QLinearConv',
    operands: [
      tensor(uint8, [1, 1, 112, 1150]),
      scale(0.02),
      tensor(uint8, []),
      tensor(uint8, [1, 1, 110, 110]),
      scale(0.01),
      tensor(uint8, []),
      scale(400),
      tensor(uint8, []),
      constant(int32, [100_000]),
    ],
    result: uint8,
    element: 1500,
  },
]

describe('behavior: judged in parts as it is as a whole', () => {
  test.each(
    cases.map(
      (given) =>
        [
          `${given.operator} of ${JSON.stringify(given.operands[0]?.dims)}, type ${given.operands[0]?.dtype}`,
          given,
        ] as const,
    ),
  )('%s', { timeout: 240_000 }, async (_, given) => {
    if (chain === undefined) throw new Error('no chain')
    const { address } = chain
    const file = await canonicalise(modelOf(given), { runner })
    const manifest = readManifest(file, nodeSha256)
    const [x] = given.operands
    if (x === undefined) throw new Error('no operand')
    const honest = await execute(
      runner,
      file,
      manifest,
      new Map([['x', x.bytes]]),
    )
    const node = manifest.nodes.findIndex(
      ({ operator }) => operator === given.operator,
    )
    const value = manifest.nodes[node]?.outputs[0] ?? -1
    const { type } = manifest.values[value] ?? {}
    const bytes = honest.bytes[value]
    if (type === undefined || bytes === undefined) throw new Error('no result')
    const element = elementCount(type.dims) - (given.element ?? 1)
    const place = { node, output: 0, element }
    expect(proofWay({ ...place, manifest: judgedManifest(manifest) })).toBe(
      'parts',
    )
    const truth = await judgeInParts(address, honest, place)
    expect(truth.fraud).toBe(false)
    expect(truth.parts).toBeGreaterThan(1)
    expect(truth.mostBytes).toBeLessThanOrEqual(100_000)
    // Just outside either end.
    const width = elementBytes(type.dtype) ?? 1
    const outside = pushedOutside(truth.honest, type.dtype, width)
    expect(outside.length).toBeGreaterThan(0)
    const at = committedIndex(type, element)
    for (const bits of outside) {
      const pushed = [...honest.bytes]
      pushed[value] = withElement(bytes, at, width, bits)
      const verdict = await judgeInParts(
        address,
        { manifest, bytes: pushed },
        place,
      )
      expect(verdict.fraud).toBe(true)
    }
  })
})

function modelOf({ operator, operands, result, attributes }: Case): Uint8Array {
  const [x, ...weights] = operands
  if (x === undefined) throw new Error('no operand')
  const names = weights.map((_, i) => `w${i}`)
  return encodeOnnx({
    opset: 17,
    irVersion: 8,
    inputs: [{ name: 'x', dtype: x.dtype, dims: x.dims }],
    outputs: ['y'],
    weights: new Map(weights.map((weight, i) => [`w${i}`, weight])),
    nodes: [
      {
        ...{ name: operator, operator, domain: '', outputs: ['y'] },
        inputs: ['x', ...names],
        attributes: new Map(Object.entries(attributes ?? {})),
      },
    ],
    declared: new Map([['y', { name: 'y', dtype: result, dims: undefined }]]),
    metadata: new Map(),
  })
}

/** Elements that look random, and are the same every time. */
function tensor(dtype: Dtype, dims: readonly number[]): GraphTensor {
  let state = elementCount(dims)
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state
  }
  const length = elementCount(dims)
  switch (dtype) {
    case float32:
      return {
        ...{ dtype, dims },
        bytes: bytesOf(Float32Array.from({ length }, () => next() / 2 ** 31)),
      }
    case int64:
      return {
        ...{ dtype, dims },
        bytes: bytesOf(
          BigInt64Array.from({ length }, () => BigInt(next()) ** 2n),
        ),
      }
    default:
      return {
        ...{ dtype, dims },
        bytes: Uint8Array.from({ length }, () => next() >>> 24),
      }
  }
}

function constant(
  dtype: Dtype,
  values: readonly (number | bigint)[],
): GraphTensor {
  const words = values.map(Number)
  return {
    dtype,
    dims: [values.length],
    bytes:
      dtype === int64
        ? bytesOf(BigInt64Array.from(words.map(BigInt)))
        : bytesOf(Int32Array.from(words)),
  }
}

function scale(value: number): GraphTensor {
  return { dtype: float32, dims: [], bytes: bytesOf(Float32Array.of(value)) }
}

function ints(...values: number[]): OperatorAttribute {
  return { type: 'ints', value: values.map(BigInt) }
}

function bytesOf({ buffer }: { buffer: ArrayBufferLike }): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer)
}
