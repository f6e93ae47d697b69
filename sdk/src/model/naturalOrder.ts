import { encodeOnnx } from '../onnx/encodeOnnx.js'
import { parseOnnx } from '../onnx/parseOnnx.js'
import { readMetadata, writeMetadata } from './metadata.js'

/**
 * A canonical file whose inputs and outputs are committed in the order of their
 * axes: what class zk asks for, because field elements follow that order.
 *
 * @param canonical - What `finishModel` returned.
 * @example
 * const natural = naturalOrder(file)
 */
export function naturalOrder(canonical: Uint8Array): Uint8Array {
  const graph = parseOnnx(canonical)
  const metadata = readMetadata(graph.metadata)
  const public_ = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.outputs,
  ])
  const perms = new Map(
    [...metadata.perms].filter(([name]) => !public_.has(name)),
  )
  return encodeOnnx({
    ...graph,
    metadata: writeMetadata({ ...metadata, perms }),
  })
}
