import type { Graph, GraphTensor } from '../onnx/graph.js'
import { elementBytes, elementCount } from '../tensor/tensorType.js'
import { dtypes } from '../types/tensorType.js'
import { quote } from './checkSize.js'
import { wrongShape } from './modelErrors.js'

/** Values of inputs that become part of the model, such as `{ sr: [16000] }`. */
export type Constants = Readonly<Record<string, readonly number[]>>

/**
 * Makes inputs part of the model: what is computed from them alone is then
 * folded, and a branch that they choose is the only one left.
 *
 * @throws LynodeError LY-MDL-005 when there is no such input or the values do
 * not fit it.
 */
export function bindConstants(graph: Graph, constants: Constants = {}): Graph {
  const bound = new Map(Object.entries(constants))
  const weights = new Map(graph.weights)
  const inputs = graph.inputs.filter(({ name, dtype, dims = [] }) => {
    const values = bound.get(name)
    if (values === undefined) return true
    bound.delete(name)
    const open = dims.filter((dim) => dim === undefined).length
    const known = elementCount(dims.map((dim) => dim ?? 1))
    // One open size follows from the number of values.
    const shape = dims.map((dim) => dim ?? values.length / known)
    const whole = shape.every((dim) => Number.isInteger(dim) && dim > 0)
    if (open > 1 || !whole || elementCount(shape) !== values.length)
      throw wrongShape(
        `${values.length} values for ${quote(name)} of shape [${dims.map((dim) => dim ?? '?').join(', ')}]`,
      )
    weights.set(name, tensorOf(name, dtype, shape, values))
    return false
  })
  const [unknown] = bound.keys()
  if (unknown !== undefined)
    throw wrongShape(`the model has no input ${quote(unknown)}`)
  return { ...graph, inputs, weights }
}

function tensorOf(
  name: string,
  dtype: GraphTensor['dtype'],
  dims: readonly number[],
  values: readonly number[],
): GraphTensor {
  const width = elementBytes(dtype) ?? 8
  const bytes = new Uint8Array(values.length * width)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    if (dtype === dtypes.float32) view.setFloat32(4 * i, value, true)
    else if (dtype === dtypes.int64)
      view.setBigInt64(8 * i, integerOf(name, value), true)
    else if (dtype === dtypes.int32)
      view.setInt32(4 * i, Number(integerOf(name, value)), true)
    else if (width === 1) view.setUint8(i, Number(integerOf(name, value)) & 255)
    else
      throw wrongShape(`${quote(name)} is of a type that takes no values here`)
  })
  return { dtype, dims, bytes }
}

function integerOf(name: string, value: number): bigint {
  if (!Number.isSafeInteger(value))
    throw wrongShape(`${value} for ${quote(name)}, which holds integers`)
  return BigInt(value)
}
