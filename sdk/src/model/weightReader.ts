import { parseOnnx } from '../onnx/parseOnnx.js'
import { toCommitted } from '../tensor/permuteBytes.js'
import type { Manifest } from '../types/manifest.js'

/**
 * Reads the weights of a canonical file as they are committed.
 *
 * @returns A function from a value index to the committed bytes of that weight;
 * `undefined` where the value is no weight.
 * @example
 * const weightOf = weightReader(file, manifest)
 * weightOf(weight)?.length // 48
 */
export function weightReader(
  bytes: Uint8Array,
  manifest: Manifest,
): (value: number) => Uint8Array | undefined {
  const { weights } = parseOnnx(bytes)
  return (index) => {
    const value = manifest.values[index]
    const tensor =
      value?.kind === 'weight' ? weights.get(value.name) : undefined
    return value && tensor && toCommitted(value.type, tensor.bytes)
  }
}
