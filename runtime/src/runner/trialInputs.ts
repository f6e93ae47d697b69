import {
  byteLength,
  dtypes,
  elementCount,
  type Manifest,
  type TensorType,
} from '@lynode/sdk'
import type { RunnerInput } from './messages.js'

/**
 * Inputs for comparing two ways of running a model: the same for the same seed,
 * and nobody's choice. Floats are spread over -1 to 1 (seed 0), 0 to 1 (seed 1)
 * or -4 to 4; whole numbers are 1 (seed 0), 0 or 1 (seed 1), or up to 99, so that they
 * are masks and tokens too.
 */
export function trialInputs(manifest: Manifest, seed: number): RunnerInput[] {
  let state = 0x9e3779b9 ^ (seed + 1)
  const random = (): number => {
    // Marsaglia's xorshift.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return manifest.values.flatMap(({ kind, name, type }) =>
    kind === 'input'
      ? [{ name, type, source: { bytes: bytesOf(type, seed, random) } }]
      : [],
  )
}

function bytesOf(
  type: TensorType,
  seed: number,
  random: () => number,
): Uint8Array {
  const bytes = new Uint8Array(byteLength(type))
  const view = new DataView(bytes.buffer)
  const whole = () =>
    seed === 0 ? 1 : Math.floor(random() * (seed === 1 ? 2 : 100))
  const [low, high] = ([
    [-1, 1],
    [0, 1],
  ][seed] ?? [-4, 4]) as [number, number]
  for (let i = 0; i < elementCount(type.dims); i++)
    switch (type.dtype) {
      case dtypes.float32:
        view.setFloat32(4 * i, low + (high - low) * random(), true)
        break
      case dtypes.float64:
        view.setFloat64(8 * i, low + (high - low) * random(), true)
        break
      case dtypes.float16:
        // 1 + a fraction: any pattern with this exponent is a number near 1.
        view.setUint16(2 * i, 0x3c00 | Math.floor(random() * 1024), true)
        break
      case dtypes.int64:
        view.setBigInt64(8 * i, BigInt(whole()), true)
        break
      case dtypes.int32:
        view.setInt32(4 * i, whole(), true)
        break
      case dtypes.bool:
        view.setUint8(i, whole() & 1)
        break
      default:
        view.setUint8(i, whole())
    }
  return bytes
}
