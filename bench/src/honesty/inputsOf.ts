import { dtypes, elementCount, type Manifest } from '@lynode/sdk'
import { randomInput } from '../models/demoModels.js'
import { wordsFrom } from './wordsFrom.js'

/**
 * Row-major inputs by name: noise, and for pictures a blank one and large numbers.
 */
export function inputsOf(
  manifest: Manifest,
  seed: number,
): Map<string, Uint8Array>[] {
  const given = manifest.values.filter(({ kind }) => kind === 'input')
  const noise = (scale: number) => {
    const words = wordsFrom(seed + 1)
    return new Map(
      given.map(({ name, type }) => {
        const bytes = randomInput(name, type, () => words() / 2 ** 32)
        if (type.dtype === dtypes.float32) {
          const numbers = new Float32Array(bytes.buffer)
          numbers.forEach((number, i) => {
            numbers[i] = number * scale
          })
        }
        return [name, bytes]
      }),
    )
  }
  const pictures = given.every(({ type }) => type.dtype === dtypes.float32)
  if (!pictures) return [noise(1)]
  const blank = new Map(
    given.map(({ name, type }) => {
      const ones = new Float32Array(elementCount(type.dims)).fill(1)
      return [name, new Uint8Array(ones.buffer)]
    }),
  )
  return [noise(1), blank, noise(1e4)]
}
