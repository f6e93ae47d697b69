import { elementBytes, type TensorType } from '@lynode/sdk'
import { elementReader } from './elementReader.js'

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
  const read = elementReader(type.dtype)
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
