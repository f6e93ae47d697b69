import { dequantize } from './fieldElements.js'

/**
 * Committed bytes of a float32 tensor from the circuit's whole numbers.
 *
 * @example
 * floatsOfNumbers([24n], 4) // bytes of 1.5
 */
export function floatsOfNumbers(
  values: readonly bigint[],
  scale: number,
): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(4 * i, dequantize(value, scale), true)
  })
  return bytes
}
