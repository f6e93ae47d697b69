import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { greatest, least } from '../operators/bigints.js'
import { elementCount, rowMajorStrides } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import { foldDequantize } from './foldDequantize.js'
import { elementwiseFolders } from './foldElementwise.js'
import { foldMatMul } from './foldMatMul.js'
import {
  broadcast,
  bytesOf,
  type Folder,
  foldedElements,
  intOf,
  intsOf,
  isInteger,
  numbers,
  pack,
  rearranged,
  type Small,
  unpack,
} from './smallTensor.js'

/** Type of a value as far as it is known. */
export type KnownType = { dtype: Dtype; dims: readonly number[] }

/**
 * Evaluates shape arithmetic: a node whose inputs are small constants (or, for
 * Shape and Size, of a known type), and weights that are stored as integers.
 * `undefined` when it is no such node.
 *
 * @param types Types of the inputs, `undefined` where unknown or absent.
 * @param constants Contents of the inputs, `undefined` where not constant.
 */
export function foldNode(
  node: GraphNode,
  opset: number,
  types: readonly (KnownType | undefined)[],
  constants: readonly (GraphTensor | undefined)[],
): GraphTensor | undefined {
  if (node.domain !== '' || node.outputs.length !== 1) return undefined
  const [first] = types
  if (node.operator === 'Shape' && first !== undefined) {
    const rank = first.dims.length
    const at = (name: string, fallback: number) => {
      const value = intOf(node, name) ?? fallback
      return Math.min(Math.max(value < 0 ? value + rank : value, 0), rank)
    }
    return int64s(first.dims.slice(at('start', 0), at('end', rank)))
  }
  if (node.operator === 'Size' && first !== undefined)
    return pack({
      dtype: dtypes.int64,
      dims: [],
      data: [BigInt(elementCount(first.dims))],
    })
  if (node.operator === 'DequantizeLinear')
    return foldDequantize(node, constants)
  const evaluate = isFoldable(node.operator)
    ? folders[node.operator]
    : undefined
  if (evaluate === undefined) return undefined
  const inputs: (Small | undefined)[] = []
  for (const [i, name] of node.inputs.entries()) {
    const tensor = constants[i]
    if (name === '') inputs.push(undefined)
    else if (tensor === undefined) return undefined
    else {
      const small = unpack(tensor)
      if (small === undefined) return undefined
      inputs.push(small)
    }
  }
  const result = evaluate(inputs, node, opset)
  return result && pack(result)
}

/** Whether an operator disappears when its operands are known constants. */
export function isFoldable(operator: string): boolean {
  return (
    operator === 'Shape' ||
    operator === 'Size' ||
    Object.hasOwn(folders, operator)
  )
}

const folders: Partial<Record<string, Folder>> = {
  ...elementwiseFolders,
  Range: range,
  Identity: ([x]) => x,
  Cast: ([x], node) => {
    const to = intOf(node, 'to')
    return x && to !== undefined ? cast(x, to) : undefined
  },
  Concat: (inputs, node) => concat(inputs, intOf(node, 'axis') ?? 0),
  Gather: ([x, indices], node) =>
    x && indices && gather(x, indices, intOf(node, 'axis') ?? 0),
  Unsqueeze: ([x, axes], node) => x && unsqueeze(x, axesOf(axes, node)),
  Squeeze: ([x, axes], node) => {
    if (x === undefined) return undefined
    const named = axesOf(axes, node)?.map((axis) =>
      axis < 0 ? axis + x.dims.length : axis,
    )
    return {
      ...x,
      dims: x.dims.filter((dim, axis) =>
        named === undefined ? dim !== 1 : !named.includes(axis),
      ),
    }
  },
  Reshape: ([x, shape]) => x && shape && reshape(x, numbers(shape)),
  Transpose: ([x], node) => x && transpose(x, intsOf(node, 'perm')),
  Slice: ([x, ...rest], node, opset) => x && slice(x, rest, node, opset),
  ConstantOfShape: ([shape], node) => {
    const value = node.attributes.get('value')
    const fill =
      value?.type === 'tensor' ? unpack(value.value) : { dtype: 1, data: [0] }
    if (shape === undefined || fill === undefined) return undefined
    const dims = numbers(shape)
    const count = elementCount(dims)
    if (!(count <= foldedElements) || dims.some((dim) => dim < 0))
      return undefined
    return {
      dtype: fill.dtype as Dtype,
      dims,
      data: new Array<number | bigint>(count).fill(fill.data[0]!),
    }
  },
  Expand: ([x, shape]) =>
    x && shape && broadcast([x, ones(numbers(shape))], ([a]) => a!, x.dtype),
  ReduceProd: reduction((a, b) => a * b),
  ReduceSum: reduction((a, b) => a + b),
  ReduceMax: reduction(greatest),
  ReduceMin: reduction(least),
  Tile: ([x, repeats]) => x && repeats && tile(x, numbers(repeats)),
  NonZero: ([x]) => x && nonZero(x),
  MatMul: ([a, b]) => a && b && foldMatMul(a, b),
}

/** From `start` in steps of `delta`, `limit` excluded. */
function range([start, limit, delta]: readonly (Small | undefined)[]):
  | Small
  | undefined {
  if (!start || !limit || !delta) return undefined
  const [from, to, step] = [start, limit, delta].map((x) => numbers(x)[0]!) as [
    number,
    number,
    number,
  ]
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step))
  if (!(count <= foldedElements)) return undefined
  return {
    dtype: start.dtype,
    dims: [count],
    data: Array.from({ length: count }, (_, i) =>
      isInteger(start.dtype)
        ? BigInt(from + i * step)
        : Math.fround(from + i * step),
    ),
  }
}

/** Of a list of integers. */
function reduction(combine: (a: bigint, b: bigint) => bigint): Folder {
  return ([x, axes], node) => {
    if (x?.dims.length !== 1 || !isInteger(x.dtype)) return undefined
    const named = axesOf(axes, node)
    if (named !== undefined && (named.length !== 1 || named[0] !== 0))
      return undefined
    const [first, ...others] = x.data as readonly bigint[]
    if (first === undefined) return undefined
    const keep = (intOf(node, 'keepdims') ?? 1) === 1
    const dims = keep ? [1] : []
    return { dtype: x.dtype, dims, data: [others.reduce(combine, first)] }
  }
}

function tile(x: Small, repeats: readonly number[]): Small | undefined {
  if (repeats.length !== x.dims.length) return undefined
  const dims = x.dims.map((dim, axis) => dim * repeats[axis]!)
  if (!(elementCount(dims) <= foldedElements)) return undefined
  return rearranged(x, dims, (at) =>
    at.map((place, axis) => place % x.dims[axis]!),
  )
}

/** Coordinates of what is not 0, one row an axis. */
function nonZero(x: Small): Small | undefined {
  const found = x.data.flatMap((value, index) =>
    Number(value) === 0 ? [] : [index],
  )
  // No tensor has a size of 0 (B2).
  if (found.length === 0 || x.dims.length === 0) return undefined
  const strides = rowMajorStrides(x.dims)
  return {
    dtype: dtypes.int64,
    dims: [x.dims.length, found.length],
    data: x.dims.flatMap((dim, axis) =>
      found.map((index) => BigInt(Math.floor(index / strides[axis]!) % dim)),
    ),
  }
}

function cast(x: Small, to: number): Small | undefined {
  if (to === dtypes.float32)
    return { ...x, dtype: to, data: numbers(x).map(Math.fround) }
  if (to === dtypes.bool)
    return { ...x, dtype: to, data: numbers(x).map((v) => (v ? 1n : 0n)) }
  if (to !== dtypes.int64 && to !== dtypes.int32) return undefined
  const truncated = numbers(x).map(Math.trunc)
  if (!truncated.every(Number.isSafeInteger)) return undefined
  return {
    ...x,
    dtype: to,
    data: isInteger(x.dtype) ? x.data : truncated.map(BigInt),
  }
}

function concat(
  inputs: readonly (Small | undefined)[],
  axis: number,
): Small | undefined {
  const parts = inputs.filter((x) => x !== undefined)
  const [first] = parts
  if (first === undefined || parts.length !== inputs.length) return undefined
  const k = axis < 0 ? axis + first.dims.length : axis
  const fits = ({ dims }: Small) =>
    dims.length === first.dims.length &&
    dims.every((dim, other) => other === k || dim === first.dims[other])
  if (first.dims[k] === undefined || !parts.every(fits)) return undefined
  const length = parts.reduce((total, x) => total + x.dims[k]!, 0)
  const dims = first.dims.map((dim, other) => (other === k ? length : dim))
  if (elementCount(dims) > foldedElements) return undefined
  const outer = elementCount(first.dims.slice(0, k))
  const data: (number | bigint)[] = []
  for (let o = 0; o < outer; o++)
    for (const x of parts) {
      const row = x.data.length / outer
      data.push(...x.data.slice(o * row, (o + 1) * row))
    }
  return { dtype: first.dtype, dims, data }
}

function gather(x: Small, indices: Small, axis: number): Small | undefined {
  if (x.dims.length === 0) return undefined
  const k = axis < 0 ? axis + x.dims.length : axis
  const size = x.dims[k]
  if (size === undefined) return undefined
  const picks = numbers(indices).map((i) => (i < 0 ? i + size : i))
  if (picks.some((i) => i < 0 || i >= size)) return undefined
  const inner = elementCount(x.dims.slice(k + 1))
  const outer = elementCount(x.dims.slice(0, k))
  const data: (number | bigint)[] = []
  for (let o = 0; o < outer; o++)
    for (const pick of picks)
      for (let i = 0; i < inner; i++)
        data.push(x.data[(o * size + pick) * inner + i]!)
  return {
    dtype: x.dtype,
    dims: [...x.dims.slice(0, k), ...indices.dims, ...x.dims.slice(k + 1)],
    data,
  }
}

function unsqueeze(
  x: Small,
  axes: readonly number[] | undefined,
): Small | undefined {
  if (axes === undefined) return undefined
  const rank = x.dims.length + axes.length
  const added = axes.map((axis) => (axis < 0 ? axis + rank : axis))
  let next = 0
  const dims = Array.from({ length: rank }, (_, axis) =>
    added.includes(axis) ? 1 : (x.dims[next++] ?? 1),
  )
  return next === x.dims.length ? { ...x, dims } : undefined
}

function reshape(x: Small, shape: readonly number[]): Small | undefined {
  const dims = shape.map((dim, axis) => (dim === 0 ? (x.dims[axis] ?? 0) : dim))
  const open = dims.indexOf(-1)
  if (open >= 0) {
    const rest = elementCount(dims.filter((_, axis) => axis !== open))
    dims[open] = x.data.length / rest
  }
  return elementCount(dims) === x.data.length ? { ...x, dims } : undefined
}

/** Steps of any sign, along any axes. */
function slice(
  x: Small,
  rest: readonly (Small | undefined)[],
  node: GraphNode,
  opset: number,
): Small | undefined {
  const list = (i: number, name: string) =>
    opset < 10 ? intsOf(node, name) : rest[i] && numbers(rest[i])
  const starts = list(0, 'starts')
  const ends = list(1, 'ends')
  if (starts === undefined || ends === undefined) return undefined
  const axes = list(2, 'axes') ?? starts.map((_, i) => i)
  const steps = list(3, 'steps') ?? starts.map(() => 1)
  // Places taken of each axis.
  const taken = x.dims.map((size) => Array.from({ length: size }, (_, i) => i))
  for (const [i, start] of starts.entries()) {
    const named = axes[i] ?? i
    const axis = named < 0 ? named + x.dims.length : named
    const size = x.dims[axis]
    const step = steps[i] ?? 1
    const end = ends[i]
    if (size === undefined || end === undefined || step === 0) return undefined
    const [least, most] = step > 0 ? [0, size] : [-1, size - 1]
    const clamp = (at: number) =>
      Math.min(Math.max(at < 0 ? at + size : at, least), most)
    const places: number[] = []
    for (
      let at = clamp(start);
      step > 0 ? at < clamp(end) : at > clamp(end);
      at += step
    )
      places.push(at)
    taken[axis] = places
  }
  return rearranged(
    x,
    taken.map((places) => places.length),
    (at) => at.map((place, axis) => taken[axis]![place]!),
  )
}

function transpose(
  x: Small,
  given: readonly number[] | undefined,
): Small | undefined {
  const perm = given ?? x.dims.map((_, axis) => x.dims.length - 1 - axis)
  if (perm.length !== x.dims.length) return undefined
  const dims = perm.map((axis) => x.dims[axis] ?? 0)
  return rearranged(x, dims, (at) => {
    const from = new Array<number>(at.length).fill(0)
    at.forEach((place, k) => {
      from[perm[k]!] = place
    })
    return from
  })
}

/** Only the shape matters. */
function ones(dims: readonly number[]): Small {
  const count = elementCount(dims)
  return {
    dtype: dtypes.int64,
    dims,
    data: count <= foldedElements ? new Array<bigint>(count).fill(1n) : [],
  }
}

/** Axes are an input in newer operator sets, an attribute in older ones. */
function axesOf(
  axes: Small | undefined,
  node: GraphNode,
): number[] | undefined {
  return axes ? numbers(axes) : intsOf(node, 'axes')
}

function int64s(values: readonly number[]): GraphTensor {
  return {
    dtype: dtypes.int64,
    dims: [values.length],
    bytes: bytesOf(BigInt64Array.from(values.map(BigInt))),
  }
}
