import { LynodeError } from '../errors/lynodeError.js'
import type { NpyArray } from '../npy/parseNpy.js'
import type { ManifestValue } from '../types/manifest.js'
import { dtypeName, type TensorInput, toTensor } from './tensor.js'

/** A graph input with the array that goes in. */
export type BoundInput = {
  value: Pick<ManifestValue, 'name' | 'type'>
  array: NpyArray
}

/**
 * Gives each input of a model its array, without converting anything.
 *
 * @param model - A manifest, or its inputs in the order of their slots.
 * @param arrays - By input name.
 * @throws LynodeError `LY-INP-002` another dtype, `LY-INP-003` another shape,
 * `LY-INP-004` missing or unknown.
 * @example
 * const inputs = bindInputs(readManifest(file), { x: [1, 2, -3, 0.5] })
 */
export function bindInputs(
  { values }: { values: readonly ManifestValue[] },
  arrays: Readonly<Record<string, TensorInput>>,
): BoundInput[] {
  const inputs = values.filter(({ kind }) => kind === 'input')
  const names = inputs.map(({ name }) => name)
  const known = `the model's inputs are ${names.join(', ')}`
  for (const name of Object.keys(arrays))
    if (!names.includes(name))
      throw new LynodeError('LY-INP-004', {
        details: `there is no input ${name}; ${known}`,
      })
  return inputs.map((value) => {
    const { name, type } = value
    const input = Object.hasOwn(arrays, name) ? arrays[name] : undefined
    if (input === undefined)
      throw new LynodeError('LY-INP-004', {
        details: `input ${name} is missing; ${known}`,
      })
    const dtype = dtypeName(type.dtype)
    return { value, array: toTensor(name, dtype, type.dims, input) }
  })
}
