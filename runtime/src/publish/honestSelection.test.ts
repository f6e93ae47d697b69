import { inspect } from 'node:util'
import { dtypes, type OperatorAttribute, OperatorError } from '@lynode/sdk'
import { expect, test } from 'vitest'
import { judgeNode, type NodeCase } from './honestNode.test.fixture.js'

// The first property of the system (DESIGN 6.4), for operators that select and
// move: forms and operands that no real model has, each judged element by element.

const models = 60

let state = 23
function bits(): number {
  state = (state + 0x6d2b79f5) | 0
  let word = Math.imul(state ^ (state >>> 15), 1 | state)
  word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
  return (word ^ (word >>> 14)) >>> 0
}
const int = (low: number, high: number) => low + (bits() % (high - low + 1))
const pick = <T>(list: readonly T[]): T => list[bits() % list.length] as T
const count = (dims: readonly number[]) => dims.reduce((n, dim) => n * dim, 1)

const one = (value: number): OperatorAttribute => ({
  type: 'int',
  value: BigInt(value),
})
const text = (value: string): OperatorAttribute => ({ type: 'string', value })

const contents: readonly (() => number)[] = [
  () => bits() / 2 ** 31 - 1,
  // Ties.
  () => pick([-1, 0, -0, 1, 2]),
  // Subnormals.
  () => pick([1e-40, -1e-40, 3e-42, 0, -0, 1.2e-38, -1.2e-38]),
  () => pick([Infinity, -Infinity, 1, -1, 3e38, -3e38]),
  () => pick([1, 2, 3, 4, 5, 6, 7, 8, Number.NaN]),
]

function floats(dims: readonly number[]) {
  const valueAt = pick(contents)
  const data = Float32Array.from({ length: count(dims) }, valueAt)
  return { dtype: dtypes.float32, dims, data }
}

function whole(dims: readonly number[], dtype: 6 | 7 | 3 | 2) {
  const length = count(dims)
  const least = pick([-4, -128])
  const at = () => (dtype === 2 ? int(0, 200) : int(least, -least - 1))
  const data =
    dtype === 7
      ? BigInt64Array.from({ length }, () => BigInt(at()) << pick([0n, 40n]))
      : dtype === 6
        ? Int32Array.from({ length }, at)
        : dtype === 3
          ? Int8Array.from({ length }, at)
          : Uint8Array.from({ length }, at)
  return { dtype, dims, data }
}

const constantFloats = (values: number[]) => ({
  dtype: dtypes.float32,
  dims: [values.length],
  data: Float32Array.from(values),
  constant: true,
})
const constantInts = (values: number[]) => ({
  dtype: dtypes.int64,
  dims: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
  constant: true,
})

/** Floats or integers. */
const any = (dims: readonly number[]) =>
  int(0, 2) ? floats(dims) : whole(dims, pick([6, 7]))

const like = ({ dtype }: { dtype: number }, dims: readonly number[]) =>
  dtype === 1 ? floats(dims) : whole(dims, dtype === 6 ? 6 : 7)

/** Indices into an axis of `size`, as data or as part of the model. */
function indices(dims: readonly number[], size: number, wide = int(0, 1)) {
  const data = Array.from({ length: count(dims) }, () => int(-size, size - 1))
  const constant = int(0, 1) === 1
  return wide === 0
    ? { dtype: dtypes.int32, dims, data: Int32Array.from(data), constant }
    : {
        dtype: dtypes.int64,
        dims,
        data: BigInt64Array.from(data.map(BigInt)),
        constant,
      }
}

function resizeCase(mode: string): NodeCase {
  const opset = pick([10, 11, 13, 18, 19, 20])
  const dims = [1, int(1, 2), int(1, 9), int(1, 9)]
  const factors = [1, 1, pick([1, 2, 3, 4, 5, 0.5]), pick([1, 2, 3, 7, 0.25])]
  const sizes = dims.map((dim, axis) => dim * (factors[axis] ?? 1))
  const bySize = opset > 10 && sizes.every(Number.isInteger) && int(0, 1) === 1
  const attributes: NodeCase['attributes'] = { mode: text(mode) }
  if (opset > 10) {
    attributes['coordinate_transformation_mode'] = text(
      pick([
        'asymmetric',
        'half_pixel',
        'pytorch_half_pixel',
        'align_corners',
        ...(opset < 13 ? ['tf_half_pixel_for_nn'] : []),
        ...(opset > 18 ? ['half_pixel_symmetric'] : []),
      ]),
    )
    attributes['nearest_mode'] = text(
      pick(['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil']),
    )
  }
  const x =
    mode === 'nearest' && int(0, 3) === 0 ? whole(dims, 6) : floats(dims)
  const scales = constantFloats(factors)
  return {
    operator: 'Resize',
    opset,
    attributes,
    inputs:
      opset === 10
        ? [x, scales]
        : bySize
          ? // Opset 11 wants a value for what it does not read.
            [x, constantFloats([]), constantFloats([]), constantInts(sizes)]
          : [x, constantFloats([]), scales],
    outputs: [x.dtype],
  }
}

function argCase(operator: string): NodeCase {
  const dims = [...pick([[], [3], [2, 3]]), int(1, 20)]
  const x = int(0, 3) ? floats(dims) : whole(dims, pick([6, 3, 2]))
  return {
    operator,
    opset: pick([12, 13]),
    attributes: {
      axis: one(int(-dims.length, dims.length - 1)),
      keepdims: one(int(0, 1)),
      select_last_index: one(int(0, 1)),
    },
    inputs: [x],
    outputs: [dtypes.int64],
  }
}

const cases: Record<string, () => NodeCase> = {
  'Resize nearest': () => resizeCase('nearest'),
  'Resize linear': () => resizeCase('linear'),
  Upsample() {
    const x = floats([1, 2, int(1, 5), int(1, 5)])
    const scales = constantFloats([1, 1, int(1, 3), int(1, 3)])
    return {
      operator: 'Upsample',
      opset: 9,
      attributes: { mode: text(pick(['nearest', 'linear'])) },
      inputs: [x, scales],
      outputs: [dtypes.float32],
    }
  },
  DepthToSpace() {
    const block = int(1, 3)
    const opset = pick([9, 11, 13])
    return {
      operator: 'DepthToSpace',
      opset,
      attributes: {
        blocksize: one(block),
        ...(opset > 9 ? { mode: text(pick(['DCR', 'CRD'])) } : {}),
      },
      inputs: [
        floats([int(1, 2), int(1, 3) * block * block, int(1, 4), int(1, 4)]),
      ],
      outputs: [dtypes.float32],
    }
  },
  SpaceToDepth() {
    const block = int(1, 3)
    return {
      operator: 'SpaceToDepth',
      opset: pick([9, 13]),
      attributes: { blocksize: one(block) },
      inputs: [
        floats([int(1, 2), int(1, 3), int(1, 3) * block, int(1, 3) * block]),
      ],
      outputs: [dtypes.float32],
    }
  },
  Pad() {
    const dims = [int(2, 5), int(2, 5)]
    const mode = pick(['constant', 'reflect', 'edge', 'wrap'])
    return {
      operator: 'Pad',
      opset: 19,
      attributes: { mode: text(mode) },
      inputs: [
        floats(dims),
        constantInts(Array.from({ length: 4 }, () => int(0, 3))),
      ],
      outputs: [dtypes.float32],
    }
  },
  ArgMax: () => argCase('ArgMax'),
  ArgMin: () => argCase('ArgMin'),
  TopK() {
    const dims = [...pick([[], [3], [2, 3]]), int(1, 30)]
    const x = int(0, 3) ? floats(dims) : whole(dims, pick([6, 7]))
    const axis = int(0, dims.length - 1)
    return {
      operator: 'TopK',
      opset: pick([11, 24]),
      attributes: { axis: one(axis), largest: one(int(0, 1)) },
      inputs: [x, constantInts([int(1, dims[axis] ?? 1)])],
      outputs: [x.dtype, dtypes.int64],
    }
  },
  Gather() {
    const dims = [int(1, 4), int(1, 4), int(1, 4)]
    const axis = int(0, 2)
    return {
      operator: 'Gather',
      opset: 13,
      attributes: { axis: one(axis) },
      inputs: [any(dims), indices(pick([[], [3], [2, 2]]), dims[axis] ?? 1)],
      outputs: [],
    }
  },
  GatherElements() {
    const dims = [int(1, 4), int(1, 4), int(1, 4)]
    const axis = int(0, 2)
    const own = dims.map((dim, k) => (k === axis ? int(1, 5) : int(1, dim)))
    return {
      operator: 'GatherElements',
      opset: 13,
      attributes: { axis: one(axis) },
      inputs: [any(dims), indices(own, dims[axis] ?? 1)],
      outputs: [],
    }
  },
  GatherND() {
    const batch = int(0, 1)
    const size = int(1, 4)
    const dims = [size, size, size, int(1, 3)]
    const named = int(1, 3 - batch)
    const outer = [size, ...pick([[], [2]])]
    return {
      operator: 'GatherND',
      opset: 12,
      attributes: { batch_dims: one(batch) },
      inputs: [any(dims), indices([...outer, named], size, 1)],
      outputs: [],
    }
  },
  ScatterElements() {
    const dims = [int(1, 4), int(1, 4), int(1, 4)]
    const axis = int(0, 2)
    const own = dims.map((dim, k) => (k === axis ? int(1, 5) : int(1, dim)))
    const x = any(dims)
    return {
      operator: 'ScatterElements',
      opset: pick([11, 13, 18]),
      attributes: { axis: one(axis) },
      inputs: [x, indices(own, dims[axis] ?? 1), like(x, own)],
      outputs: [],
    }
  },
  ScatterND() {
    const size = int(1, 4)
    const dims = [size, size, int(1, 3)]
    const named = int(1, 2)
    const outer = pick([[1], [2], [2, 2]])
    const x = any(dims)
    return {
      operator: 'ScatterND',
      opset: pick([11, 13, 18]),
      inputs: [
        x,
        indices([...outer, named], size, 1),
        like(x, [...outer, ...dims.slice(named)]),
      ],
      outputs: [],
    }
  },
  IsNaN: () => ({
    operator: 'IsNaN',
    opset: 13,
    inputs: [floats([20])],
    outputs: [dtypes.bool],
  }),
  IsInf: () => ({
    operator: 'IsInf',
    opset: 10,
    attributes: { detect_negative: one(int(0, 1)) },
    inputs: [floats([20])],
    outputs: [dtypes.bool],
  }),
}

test.each(Object.entries(cases))(
  'behavior: what the runtime gives for %s is never fraud',
  { timeout: 60_000 },
  async (_, make) => {
    let judged = 0
    let poison = 0
    let refused = 0
    for (let model = 0; model < models; model++) {
      const node = make()
      try {
        const verdicts = await judgeNode(node)
        expect(verdicts.fraud, inspect(node, { depth: 5 })).toEqual([])
        judged += verdicts.judged
        poison += verdicts.poison
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        refused += 1
      }
    }
    // A test that poison or refusals decide would measure nothing.
    expect(poison).toBeLessThan(judged / 2)
    expect(refused).toBeLessThan(models / 2)
  },
)
