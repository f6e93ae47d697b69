import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { elementCount, rowMajorStrides } from '../tensor/tensorType.js'
import { type Dtype, dtypes } from '../types/tensorType.js'

// What folding of constants shares: tensors small enough to compute with.

/** Larger constants are left to ONNX Runtime. */
export const foldedElements = 65_536

/** A small constant with its elements: integers and booleans as bigint. */
export type Small = {
  dtype: Dtype
  dims: readonly number[]
  data: readonly (number | bigint)[]
}

/** Evaluates a node on its constants; `undefined` where it cannot. */
export type Folder = (
  inputs: readonly (Small | undefined)[],
  node: GraphNode,
  opset: number,
) => Small | undefined

/** `undefined` of what is large, or of a type that is not folded. */
export function unpack(tensor: GraphTensor): Small | undefined {
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

/** Back to bytes. */
export function pack({ dtype, dims, data }: Small): GraphTensor | undefined {
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

/** Numpy broadcasting of small tensors. */
export function broadcast(
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

/** Elements of a small tensor in another shape. */
export function rearranged(
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

/** Integers and booleans. */
export function isInteger(dtype: Dtype): boolean {
  return dtype !== dtypes.float32
}

/** Elements as numbers. */
export function numbers(x: { data: readonly (number | bigint)[] }): number[] {
  return x.data.map(Number)
}

/** An integer attribute, where there is one. */
export function intOf(node: GraphNode, name: string): number | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'int' ? Number(attribute.value) : undefined
}

/** A list of integers, where there is one. */
export function intsOf(node: GraphNode, name: string): number[] | undefined {
  const attribute = node.attributes.get(name)
  return attribute?.type === 'ints' ? attribute.value.map(Number) : undefined
}

/** The bytes of a view. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
