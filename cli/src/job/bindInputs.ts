import {
  dtypes,
  LynodeError,
  type Manifest,
  type ManifestValue,
  type NpyArray,
} from '@lynode/sdk'

/** A graph input with the array that goes in. */
export type BoundInput = { value: ManifestValue; array: NpyArray }

/**
 * Gives each input of a model its array, without converting anything.
 *
 * @param arrays - By input name.
 * @returns In the order of the graph.
 * @throws LynodeError `LY-INP-002` another dtype, `LY-INP-003` another shape,
 * `LY-INP-004` missing or unknown.
 */
export function bindInputs(
  manifest: Manifest,
  arrays: ReadonlyMap<string, NpyArray>,
): BoundInput[] {
  const inputs = manifest.values.filter(({ kind }) => kind === 'input')
  const names = inputs.map(({ name }) => name)
  const known = `the model's inputs are ${names.join(', ')}`
  for (const name of arrays.keys())
    if (!names.includes(name))
      throw new LynodeError('LY-INP-004', {
        details: `there is no input ${name}; ${known}`,
      })
  return inputs.map((value) => {
    const array = arrays.get(value.name)
    if (array === undefined)
      throw new LynodeError('LY-INP-004', {
        details: `input ${value.name} is missing; ${known}`,
      })
    const { dtype, dims } = value.type
    if (array.dtype !== dtype)
      throw new LynodeError('LY-INP-002', {
        details: `${value.name} is ${nameOf(array.dtype)}, the model wants ${nameOf(dtype)}`,
      })
    if (array.dims.join() !== dims.join())
      throw new LynodeError('LY-INP-003', {
        details: `${value.name} has shape ${shape(array.dims)}, the model wants ${shape(dims)}`,
      })
    return { value, array }
  })
}

function nameOf(dtype: number): string {
  const found = Object.entries(dtypes).find(([, code]) => code === dtype)
  return found?.[0] ?? `dtype ${dtype}`
}

function shape(dims: readonly number[]): string {
  return `(${dims.join(', ')})`
}
