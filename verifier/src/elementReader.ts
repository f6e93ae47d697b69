import type { TensorType } from '@lynode/sdk'

/** Reads the element of a type at a byte offset, as a number. */
export function elementReader(
  dtype: TensorType['dtype'],
): (view: DataView, at: number) => number {
  switch (dtype) {
    case 1:
      return (view, at) => view.getFloat32(at, true)
    case 11:
      return (view, at) => view.getFloat64(at, true)
    case 2:
    case 9:
      return (view, at) => view.getUint8(at)
    case 3:
      return (view, at) => view.getInt8(at)
    case 6:
      return (view, at) => view.getInt32(at, true)
    case 7:
      return (view, at) => Number(view.getBigInt64(at, true))
    case 10:
      return (view, at) => halfOf(view.getUint16(at, true))
  }
}

function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign / 0 : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
