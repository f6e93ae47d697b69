import type { GraphNode, GraphTensor } from '../onnx/graph.js'

/**
 * Why a convolution's weights keep it out (C4); `undefined` if they do not. One
 * kernel multiplies the padding's zeros by the weights and another leaves them
 * out: with a weight that is not finite the two differ.
 *
 * @param weights `undefined` while they are not known.
 * @param folds Whether they will be constant before the model is canonical.
 */
export function convolutionWeights(
  node: GraphNode,
  weights: GraphTensor | undefined,
  folds: boolean,
): string | undefined {
  if (node.operator !== 'Conv' && node.operator !== 'ConvTranspose')
    return undefined
  if (weights === undefined)
    return folds || !isPadded(node)
      ? undefined
      : 'its input is padded and its weights are not constants'
  const { buffer, byteOffset, byteLength } = weights.bytes
  const view = new DataView(buffer, byteOffset, byteLength)
  for (let at = 0; at + 4 <= byteLength; at += 4)
    // All ones in the exponent: infinite or not a number.
    if ((view.getUint32(at, true) & 0x7f800000) === 0x7f800000)
      return 'a weight is not finite'
  return undefined
}

function isPadded(node: GraphNode): boolean {
  const auto = node.attributes.get('auto_pad')
  if (auto?.type === 'string' && auto.value.startsWith('SAME')) return true
  const pads = node.attributes.get('pads')
  return pads?.type === 'ints' && pads.value.some((pad) => pad !== 0n)
}
