import { elementBytes } from '../tensor/tensorType.js'
import { modelLimits } from './limits.js'
import { unusable } from './modelErrors.js'

/**
 * Bytes of a tensor, after making sure that it is within the limits. No product
 * can overflow: each is checked before the next factor.
 *
 * @throws LynodeError LY-MDL-001
 */
export function checkSize(
  name: string,
  dtype: number,
  dims: readonly number[],
): number {
  if (dims.length > modelLimits.rank)
    throw unusable(
      `${quote(name)} has ${dims.length} dimensions, the limit is ${modelLimits.rank}`,
    )
  let bytes = elementBytes(dtype) ?? 8
  for (const dim of dims) {
    if (dim > modelLimits.tensorBytes) throw tooLarge(name, dims)
    if (!Number.isInteger(dim) || dim < 0)
      throw unusable(`${quote(name)} has a dimension of ${dim}`)
    bytes *= dim
    if (bytes > modelLimits.tensorBytes && !dims.includes(0))
      throw tooLarge(name, dims)
  }
  return dims.includes(0) ? 0 : bytes
}

function tooLarge(name: string, dims: readonly number[]): Error {
  return unusable(
    `${quote(name)} of shape [${dims.join(', ')}] is larger than the limit of ${modelLimits.tensorBytes} bytes a tensor`,
  )
}

/** A name from an untrusted file, fit to be printed. */
export function quote(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 57)}...` : name
  return JSON.stringify(shown)
}
