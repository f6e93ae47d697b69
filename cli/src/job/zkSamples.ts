import { createHash } from 'node:crypto'
import {
  bindInputs,
  byteLength,
  type Manifest,
  type NpyArray,
  type TensorType,
} from '@lynode/sdk'

/** Samples that are made where the publisher gives none. */
const count = 4

/**
 * Steps to calibrate a circuit on: the publisher's one, or normal numbers from a
 * fixed seed, so that the same model gives the same circuit.
 *
 * @returns Committed bytes of each input of each step.
 */
export function zkSamples(
  manifest: Manifest,
  given: ReadonlyMap<string, NpyArray>,
): Uint8Array[][] {
  if (given.size > 0)
    return [
      bindInputs(manifest, Object.fromEntries(given)).map(
        ({ array }) => array.data,
      ),
    ]
  const types = manifest.values
    .filter(({ kind }) => kind === 'input')
    .map(({ type }) => type)
  return Array.from({ length: count }, (_, sample) =>
    types.map((type, input) => normals(type, `${sample}:${input}`)),
  )
}

/** Sums of twelve uniform numbers less six: near enough to normal. */
function normals(type: TensorType, seed: string): Uint8Array {
  const values = Float32Array.from(
    { length: byteLength(type) / 4 },
    (_, index) => {
      const digest = createHash('sha256').update(`${seed}:${index}`).digest()
      let sum = -6
      for (let i = 0; i < 24; i += 2) sum += digest.readUInt16LE(i) / 65_536
      return sum
    },
  )
  return new Uint8Array(values.buffer)
}
