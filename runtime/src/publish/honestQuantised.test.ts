import type { Dtype } from '@lynode/sdk'
import { operatorOf } from '@lynode/sdk'
import { expect, test } from 'vitest'
import {
  bits,
  bytesOf,
  contents,
  type Form,
  floatBits,
  formOf,
  type Input,
  int,
  judgeOperator,
  list,
  one,
  pick,
} from './honestNode.test.support.js'

// The first property of the system (DESIGN 6.4) for quantised operators.

const byte = (): bigint => BigInt(bits() & 255)
/** A scale as quantisers choose it; often a power of two, which makes ties. */
const scale = (): bigint =>
  BigInt((int(118, 128) << 23) | (int(0, 1) ? 0 : bits() >>> 9))
const scalar = (dtype: Dtype, draw: () => bigint): Input => ({
  dtype,
  dims: [],
  draw,
})

/** Factors whose products are exact on all CPUs. */
function factors(x: number[], w: number[]): [Input, Input] {
  const kind = int(0, 2)
  if (kind === 2)
    return [
      { dtype: 2, dims: x, draw: byte },
      {
        dtype: 3,
        dims: w,
        draw: () => BigInt.asUintN(8, BigInt(int(-64, 64))),
        constant: true,
      },
    ]
  const dtype = kind === 0 ? 2 : 3
  return [
    { dtype, dims: x, draw: byte },
    { dtype, dims: w, draw: byte },
  ]
}

function matrices(): [Input, Input, number] {
  const depth = pick([int(1, 100), 784])
  const columns = pick([1, int(1, 40)])
  return [
    ...factors(
      [...pick([[], [2], [2, 3]]), pick([1, int(1, 9)]), depth],
      [depth, columns],
    ),
    columns,
  ]
}

function convolution(): {
  factors: [Input, Input]
  filters: number
  attributes: NonNullable<Form['attributes']>
} {
  const group = pick([1, 1, 1, 2, 8])
  const perGroup = group === 8 ? 1 : int(1, 20)
  const filters = group * int(1, 10)
  const kernel = [int(1, 4), int(1, 4)]
  return {
    factors: factors(
      [int(1, 2), group * perGroup, int(7, 12), int(7, 12)],
      [filters, perGroup, ...kernel],
    ),
    filters,
    attributes: {
      group: one(group),
      strides: list([int(1, 2), int(1, 2)]),
      pads: list([...kernel, ...kernel].map((size) => int(0, size - 1))),
    },
  }
}

const maybe = (input: Input): Input | undefined =>
  int(0, 1) ? input : undefined

/** The eight inputs of QLinearMatMul and QLinearConv. */
function linear([a, b]: [Input, Input], columns: number): Input[] {
  const own = pick([[], [columns]])
  // The result's scale keeps most results off their limits.
  const wide = () => BigInt(int(128, 136) << 23)
  return [
    a,
    scalar(1, scale),
    scalar(a.dtype, byte),
    b,
    { dtype: 1, dims: own, draw: scale },
    // ONNX Runtime takes no zero points but 0 of int8 weights.
    { dtype: b.dtype, dims: own, draw: b.dtype === 3 ? () => 0n : byte },
    scalar(1, wide),
    scalar(a.dtype, byte),
  ]
}

const forms: Record<string, () => Form> = {
  QuantizeLinear() {
    const dims = [int(1, 4), int(1, 9), int(1, 9)]
    const dtype = pick([2, 3] as const)
    const kind = int(0, 2)
    const own = [
      [],
      [dims[1] as number],
      [
        dims[0] as number,
        Math.ceil((dims[1] as number) / 2),
        dims[2] as number,
      ],
    ][kind] as number[]
    const draw = pick([
      () => floatBits(int(-600, 600) / 4),
      () => floatBits((bits() / 2 ** 31 - 1) * 200),
      pick(Object.values(contents)),
    ])
    const zero = { dtype, dims: own, draw: byte }
    return {
      inputs: [
        { dtype: 1, dims, draw },
        { dtype: 1, dims: own, draw: scale },
        dtype === 2 ? maybe(zero) : zero,
      ],
      attributes: {
        axis: one(1),
        ...(kind === 2 ? { block_size: one(2) } : {}),
      },
    }
  },
  DequantizeLinear() {
    const dims = [int(1, 4), int(1, 9), int(1, 9)]
    const dtype = pick([2, 3, 6] as const)
    const own = pick([[], [dims[1] as number]])
    return {
      inputs: [
        { dtype, dims, draw: dtype === 6 ? () => BigInt(bits()) : byte },
        {
          dtype: 1,
          dims: own,
          draw: pick([scale, pick(Object.values(contents))]),
        },
        dtype === 6 ? undefined : maybe({ dtype, dims: own, draw: byte }),
      ],
      attributes: { axis: one(1) },
    }
  },
  MatMulInteger() {
    const [a, b, columns] = matrices()
    return {
      inputs: [
        a,
        b,
        maybe(scalar(a.dtype, byte)),
        maybe({ dtype: b.dtype, dims: pick([[], [columns]]), draw: byte }),
      ],
    }
  },
  ConvInteger() {
    const { factors: both, attributes } = convolution()
    return {
      attributes,
      inputs: [
        ...both,
        maybe(scalar(both[0].dtype, byte)),
        maybe(scalar(both[1].dtype, byte)),
      ],
    }
  },
  QLinearMatMul() {
    const [a, b, columns] = matrices()
    return { inputs: linear([a, b], columns) }
  },
  QLinearConv() {
    const { factors: both, attributes, filters } = convolution()
    const bias: Input = {
      dtype: 6,
      dims: [filters],
      draw: () => BigInt.asUintN(32, BigInt(int(-9000, 9000))),
      constant: true,
    }
    return {
      attributes,
      inputs: [...linear(both, filters), maybe(bias)],
    }
  },
}

test.each(Object.entries(forms))(
  'behavior: what the runtime gives for %s is never fraud',
  { timeout: 60_000 },
  judgeOperator,
)

test('behavior: uint8 x int8 products that can saturate are refused', () => {
  const operator = operatorOf('MatMulInteger')
  if (operator === undefined) throw new Error('MatMulInteger')
  const form = (most: number): Form => ({
    inputs: [
      { dtype: 2, dims: [4, 64], draw: () => 255n },
      {
        dtype: 3,
        dims: [64, 8],
        draw: () => BigInt.asUintN(8, BigInt(pick([most, -most]))),
        constant: true,
      },
    ],
  })
  const data = (own: Form) => own.inputs.map((input) => bytesOf(input as Input))
  for (const most of [64, 65, 127]) {
    const own = form(most)
    const entry = formOf(operator, 'MatMulInteger', own, data(own))
    expect(entry === undefined).toBe(most > 64)
  }
})
