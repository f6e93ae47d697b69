import { elementBytes, type TensorType } from '@lynode/sdk'

/** Elements of each ranking that are judged. */
const most = 32

/**
 * Committed indices of elements that differ, the most suspicious first: by
 * absolute difference and by difference relative to the honest value in turn,
 * because bounds are absolute for some operators and relative for others.
 */
export function rankElements(
  type: TensorType,
  claimed: Uint8Array,
  honest: Uint8Array,
): number[] {
  const size = elementBytes(type.dtype) ?? 1
  const read = readerOf(type.dtype)
  const a = new DataView(claimed.buffer, claimed.byteOffset, claimed.byteLength)
  const b = new DataView(honest.buffer, honest.byteOffset, honest.byteLength)
  const differing: { index: number; absolute: number; relative: number }[] = []
  for (let at = 0; at < claimed.length; at += size) {
    if (sameBytes(claimed, honest, at, size)) continue
    const x = read(a, at)
    const y = read(b, at)
    const difference = Math.abs(x - y)
    // NaN against a number, or opposite infinities, before everything else.
    const absolute = Number.isNaN(difference)
      ? Number.POSITIVE_INFINITY
      : difference
    differing.push({
      index: at / size,
      absolute,
      relative: absolute / Math.max(Math.abs(y), 2 ** -126),
    })
  }
  const ranked = new Set<number>()
  const byAbsolute = [...differing].sort((p, q) => q.absolute - p.absolute)
  const byRelative = [...differing].sort((p, q) => q.relative - p.relative)
  for (let i = 0; i < most; i++)
    for (const list of [byAbsolute, byRelative]) {
      const entry = list[i]
      if (entry !== undefined) ranked.add(entry.index)
    }
  return [...ranked]
}

function sameBytes(
  a: Uint8Array,
  b: Uint8Array,
  at: number,
  size: number,
): boolean {
  for (let i = at; i < at + size; i++) if (a[i] !== b[i]) return false
  return true
}

function readerOf(
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
