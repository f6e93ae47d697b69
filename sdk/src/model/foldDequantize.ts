import type { GraphNode, GraphTensor } from '../onnx/graph.js'
import { elementCount } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'

/**
 * Evaluates DequantizeLinear of constants, which is how quantisers write weights:
 * `(x - zero) * scale` in float32, one scale for all or one an index of `axis`.
 * `undefined` where an operand is no constant, or scales are blocked.
 *
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export function foldDequantize(
  node: GraphNode,
  [x, scale, zero]: readonly (GraphTensor | undefined)[],
): GraphTensor | undefined {
  const hasZero = node.inputs[2] !== undefined && node.inputs[2] !== ''
  if (
    x === undefined ||
    scale === undefined ||
    hasZero !== (zero !== undefined)
  )
    return undefined
  if (scale.dtype !== dtypes.float32) return undefined
  const values = integersOf(x)
  const zeros = zero && integersOf(zero)
  if (values === undefined || (zero !== undefined && zeros === undefined))
    return undefined
  const attribute = node.attributes.get('axis')
  const named = attribute?.type === 'int' ? Number(attribute.value) : 1
  const axis = named < 0 ? named + x.dims.length : named
  const inner = elementCount(x.dims.slice(axis + 1))
  const length = x.dims[axis] ?? 1
  const serves = ({ dims }: GraphTensor) =>
    elementCount(dims) === 1 || (dims.length === 1 && dims[0] === length)
  if (!serves(scale) || (zero !== undefined && !serves(zero))) return undefined

  const { buffer, byteOffset, byteLength } = scale.bytes
  const scales = new DataView(buffer, byteOffset, byteLength)
  const shared = elementCount(scale.dims) === 1
  const sharedZero = zero === undefined || elementCount(zero.dims) === 1
  const result = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / inner) % length
    const offset = zeros?.[sharedZero ? 0 : channel] ?? 0
    const factor = scales.getFloat32(shared ? 0 : 4 * channel, true)
    // Rounded at the conversion and at the product, which a double holds exactly.
    result[i] = Math.fround((values[i] as number) - offset) * factor
  }
  return {
    dtype: dtypes.float32,
    dims: x.dims,
    bytes: new Uint8Array(result.buffer),
  }
}

function integersOf({
  dtype,
  dims,
  bytes,
}: GraphTensor): ArrayLike<number> | undefined {
  const { buffer, byteOffset } = bytes
  const count = elementCount(dims)
  if (dtype === dtypes.int8) return new Int8Array(buffer, byteOffset, count)
  if (dtype === dtypes.uint8) return new Uint8Array(buffer, byteOffset, count)
  if (dtype !== dtypes.int32) return undefined
  const view = new DataView(buffer, byteOffset, bytes.byteLength)
  return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true))
}
