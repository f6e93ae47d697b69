import { buildModel, dtypes } from '@lynode/sdk'

const channels = 32
export const inputDims: readonly number[] = [1, channels, 56, 56]

/** A stack of convolutions: the more layers, the longer it takes. */
export function convolutionModel(layers: number): Uint8Array {
  const dims = [channels, channels, 3, 3]
  const count = dims.reduce((product, dim) => product * dim, 1)
  // So that a layer gives numbers of the size that it was given, however many there are.
  const scale = 1 / 46
  const values = Float32Array.from(
    { length: count },
    (_, i) => (((i * 7_919) % 33) / 16 - 1) * scale,
  )
  const w = {
    dtype: dtypes.float32,
    dims,
    bytes: new Uint8Array(values.buffer),
  }
  const pads = { type: 'ints', value: [1n, 1n, 1n, 1n] } as const
  return buildModel({
    inputs: { x: inputDims },
    outputs: ['y'],
    weights: { w },
    nodes: [
      ...Array.from(
        { length: layers },
        (_, i): [string, string[], string[], { pads: typeof pads }?][] => [
          ['Conv', [i === 0 ? 'x' : `r${i - 1}`, 'w'], [`c${i}`], { pads }],
          ['Relu', [`c${i}`], [`r${i}`]],
        ],
      ).flat(),
      ['GlobalAveragePool', [`r${layers - 1}`], ['y']],
    ],
  })
}
