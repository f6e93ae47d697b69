import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { elementCount, rowMajorStrides } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'
import { foldDequantize } from './foldDequantize.js'

/** Larger constants are left to ONNX Runtime. */
const foldedElements = 65_536

/** A small constant with its elements: integers and booleans as bigint. */
type Small = {
  dtype: Dtype
  dims: readonly number[]
  data: readonly (number | bigint)[]
}

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

type Folder = (
  inputs: readonly (Small | undefined)[],
  node: GraphNode,
  opset: number,
) => Small | undefined

const folders: Partial<Record<string, Folder>> = {
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
  Range: ([start, limit, delta]) => {
    if (!start || !limit || !delta || start.dtype !== dtypes.int64)
      return undefined
    const [from, to, step] = [start, limit, delta].map(
      (x) => numbers(x)[0]!,
    ) as [number, number, number]
    const count = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step))
    if (count > foldedElements) return undefined
    return {
      dtype: dtypes.int64,
      dims: [count],
      data: Array.from({ length: count }, (_, i) => BigInt(from + i * step)),
    }
  },
  Expand: ([x, shape]) =>
    x && shape && broadcast([x, ones(numbers(shape))], ([a]) => a!, x.dtype),
  Add: arithmetic(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  Sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  Mul: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  Div: arithmetic(
    (a, b) => a / b,
    (a, b) => (b === 0n ? undefined : a / b),
  ),
  // The remainder of whole numbers has the divisor's sign, with fmod the dividend's.
  Mod: ([a, b], node) => {
    if (!a || !b || !isInteger(a.dtype)) return undefined
    const fmod = intOf(node, 'fmod') === 1
    if (b.data.some((divisor) => divisor === 0n)) return undefined
    return broadcast(
      [a, b],
      ([x, y]) => {
        const rest = (x as bigint) % (y as bigint)
        const other = rest !== 0n && rest < 0n !== (y as bigint) < 0n
        return other && !fmod ? rest + (y as bigint) : rest
      },
      a.dtype,
    )
  },
  Equal: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x === y ? 1n : 0n), dtypes.bool),
  Not: ([a]) => a && { ...a, data: a.data.map((x) => (x ? 0n : 1n)) },
  And: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x && y ? 1n : 0n), dtypes.bool),
  Or: ([a, b]) =>
    a && b && broadcast([a, b], ([x, y]) => (x || y ? 1n : 0n), dtypes.bool),
  Where: ([condition, a, b]) =>
    condition &&
    a &&
    b &&
    broadcast([condition, a, b], ([c, x, y]) => (c ? x! : y!), a.dtype),
  ReduceProd: ([x, axes], node) => {
    if (x === undefined || x.dims.length !== 1) return undefined
    const named = axesOf(axes, node)
    if (named !== undefined && (named.length !== 1 || named[0] !== 0))
      return undefined
    const keep = (intOf(node, 'keepdims') ?? 1) === 1
    if (!isInteger(x.dtype)) return undefined
    let product = 1n
    for (const value of x.data) product *= value as bigint
    return { dtype: x.dtype, dims: keep ? [1] : [], data: [product] }
  },
}

function arithmetic(
  real: (a: number, b: number) => number,
  integer: (a: bigint, b: bigint) => bigint | undefined,
): Folder {
  return ([a, b], node) => {
    if (!a || !b || node.inputs.length !== 2) return undefined
    if (isInteger(a.dtype)) {
      let defined = true
      const result = broadcast(
        [a, b],
        ([x, y]) => {
          const value = integer(x as bigint, y as bigint)
          if (value === undefined) defined = false
          return value ?? 0n
        },
        a.dtype,
      )
      return defined ? result : undefined
    }
    // The double result of one operation on floats rounds to the float result.
    return broadcast(
      [a, b],
      ([x, y]) => Math.fround(real(x as number, y as number)),
      a.dtype,
    )
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

/** Elements of a small tensor in another shape. */
function rearranged(
  x: Small,
  dims: readonly number[],
  sourceOf: (at: readonly number[]) => readonly number[],
): Small {
  const steps = rowMajorStrides(dims)
  const strides = rowMajorStrides(x.dims)
  const data = Array.from({ length: elementCount(dims) }, (_, index) => {
    const at = dims.map((dim, k) => Math.floor(index / steps[k]!) % dim)
    const from = sourceOf(at)
    return x.data[from.reduce((n, place, k) => n + place * strides[k]!, 0)]!
  })
  return { dtype: x.dtype, dims, data }
}

/** Numpy broadcasting of small tensors. */
function broadcast(
  inputs: readonly Small[],
  combine: (values: readonly (number | bigint)[]) => number | bigint,
  dtype: Dtype,
): Small | undefined {
  const rank = Math.max(...inputs.map((x) => x.dims.length))
  const padded = inputs.map((x) => [
    ...new Array<number>(rank - x.dims.length).fill(1),
    ...x.dims,
  ])
  const dims = Array.from({ length: rank }, (_, axis) => {
    const sizes = padded.map((shape) => shape[axis]!)
    return sizes.find((size) => size !== 1) ?? 1
  })
  if (
    padded.some((shape) =>
      shape.some((size, axis) => size !== 1 && size !== dims[axis]),
    )
  )
    return undefined
  const count = elementCount(dims)
  if (!(count <= foldedElements)) return undefined
  const strides = padded.map(rowMajorStrides)
  const steps = rowMajorStrides(dims)
  const data = Array.from({ length: count }, (_, index) =>
    combine(
      inputs.map((x, k) => {
        let at = 0
        for (let axis = 0; axis < rank; axis++)
          if (padded[k]![axis] !== 1)
            at +=
              (Math.floor(index / steps[axis]!) % dims[axis]!) *
              strides[k]![axis]!
        return x.data[at]!
      }),
    ),
  )
  return { dtype, dims, data }
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

function isInteger(dtype: Dtype): boolean {
  return dtype !== dtypes.float32
}

function numbers(x: { data: readonly (number | bigint)[] }): number[] {
  return x.data.map(Number)
}

function intOf(node: GraphNode, name: string): number | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : undefined
}

function intsOf(node: GraphNode, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

/** Axes are an input in newer operator sets, an attribute in older ones. */
function axesOf(
  axes: Small | undefined,
  node: GraphNode,
): number[] | undefined {
  return axes ? numbers(axes) : intsOf(node, 'axes')
}

function unpack(tensor: GraphTensor): Small | undefined {
  const { dtype, dims, bytes } = tensor
  const count = elementCount(dims)
  if (count > foldedElements) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read: Partial<Record<Dtype, (i: number) => number | bigint>> = {
    [dtypes.float32]: (i) => view.getFloat32(4 * i, true),
    [dtypes.int32]: (i) => BigInt(view.getInt32(4 * i, true)),
    [dtypes.int64]: (i) => view.getBigInt64(8 * i, true),
    [dtypes.bool]: (i) => BigInt(view.getUint8(i)),
  }
  const at = read[dtype]
  return (
    at && { dtype, dims, data: Array.from({ length: count }, (_, i) => at(i)) }
  )
}

function pack({ dtype, dims, data }: Small): GraphTensor | undefined {
  const values = data
  switch (dtype) {
    case dtypes.float32:
      return { dtype, dims, bytes: bytesOf(Float32Array.from(values, Number)) }
    case dtypes.int32:
      return { dtype, dims, bytes: bytesOf(Int32Array.from(values, Number)) }
    case dtypes.int64:
      return { dtype, dims, bytes: bytesOf(BigInt64Array.from(values, BigInt)) }
    case dtypes.bool:
      return { dtype, dims, bytes: Uint8Array.from(values, Number) }
    default:
      return undefined
  }
}

function int64s(values: readonly number[]): GraphTensor {
  return {
    dtype: dtypes.int64,
    dims: [values.length],
    bytes: bytesOf(BigInt64Array.from(values.map(BigInt))),
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
