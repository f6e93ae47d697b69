import type { TensorType } from '../types/tensorType.js'
import {
  byteLength,
  committedDims,
  elementBytes,
  rowMajorStrides,
} from './tensorType.js'

/** Integer views only: a copy through floats may change the bits of a NaN. */
type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array

/** Output axes after merging, outermost first: `stride` in source elements. */
type Axis = { size: number; stride: number }

/** Side of the squares in which two axes are exchanged, so that both stay in cache. */
const tile = 32

/**
 * The committed bytes of a tensor from its row-major bytes. Returns the same
 * array when the commitment order is the tensor's own.
 *
 * @throws RangeError when the bytes are not as many as the type says.
 * @example
 * toCommitted({ dtype: dtypes.uint8, dims: [2, 2], perm: [1, 0] }, Uint8Array.of(1, 2, 3, 4)) // 1, 3, 2, 4
 */
export function toCommitted(
  type: TensorType,
  logicalBytes: Uint8Array,
): Uint8Array {
  const strides = rowMajorStrides(type.dims)
  return permute(
    type,
    logicalBytes,
    type.perm.map((axis) => ({
      size: type.dims[axis]!,
      stride: strides[axis]!,
    })),
  )
}

/**
 * The row-major bytes of a tensor from its committed bytes.
 *
 * @example
 * toLogical({ dtype: dtypes.uint8, dims: [2, 2], perm: [1, 0] }, Uint8Array.of(1, 3, 2, 4)) // 1, 2, 3, 4
 */
export function toLogical(
  type: TensorType,
  committedBytes: Uint8Array,
): Uint8Array {
  const strides = rowMajorStrides(committedDims(type))
  return permute(
    type,
    committedBytes,
    type.dims.map((size, axis) => ({
      size,
      stride: strides[type.perm.indexOf(axis)]!,
    })),
  )
}

function permute(
  type: TensorType,
  bytes: Uint8Array,
  axes: readonly Axis[],
): Uint8Array {
  const expected = byteLength(type)
  if (bytes.length !== expected)
    throw new RangeError(`tensor has ${expected} bytes, got ${bytes.length}`)
  const merged = mergeAxes(axes)
  if (merged.length === 0 || (merged.length === 1 && merged[0]!.stride === 1))
    return bytes

  const size = elementBytes(type.dtype)!
  const source = wordsOf(bytes, size)
  const result = new Uint8Array(expected)
  const target = wordsOf(result, size)
  if (source instanceof BigUint64Array)
    copyAxes(source, target as BigUint64Array, merged)
  else copyAxes(source, target as Uint8Array, merged)
  return result
}

/** Drops axes of size 1 and joins neighbours that are contiguous in the source. */
function mergeAxes(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = []
  for (const { size, stride } of axes) {
    if (size === 1) continue
    const last = merged.at(-1)
    if (last !== undefined && last.stride === stride * size)
      merged[merged.length - 1] = { size: last.size * size, stride }
    else merged.push({ size, stride })
  }
  return merged
}

/**
 * Fills `target` in order from `source`. The last axis and the one that is
 * contiguous in the source are exchanged in tiles; the others are counted.
 */
function copyAxes<T extends Words>(
  source: T,
  target: T,
  axes: readonly Axis[],
): void {
  const strides = rowMajorStrides(axes.map((axis) => axis.size))
  const inner = axes.length - 1
  const last = axes[inner]!
  const contiguous = axes.findIndex((axis) => axis.stride === 1)
  const other = contiguous === inner ? -1 : contiguous
  const outer = axes.map((_, k) => k).filter((k) => k !== inner && k !== other)
  const counter = new Array<number>(outer.length).fill(0)

  for (;;) {
    let from = 0
    let to = 0
    outer.forEach((k, i) => {
      from += counter[i]! * axes[k]!.stride
      to += counter[i]! * strides[k]!
    })
    if (other === -1) {
      target.set(source.subarray(from, from + last.size) as never, to)
    } else {
      exchange(source, target, from, to, axes[other]!, last, strides[other]!)
    }
    let i = outer.length - 1
    while (i >= 0 && ++counter[i]! === axes[outer[i]!]!.size) counter[i--] = 0
    if (i < 0) return
  }
}

/** `target[to + r * targetStride + c] = source[from + r + c * columns.stride]`. */
function exchange<T extends Words>(
  source: T,
  target: T,
  from: number,
  to: number,
  rows: Axis,
  columns: Axis,
  targetStride: number,
): void {
  const step = columns.stride
  for (let r0 = 0; r0 < rows.size; r0 += tile) {
    const r1 = Math.min(r0 + tile, rows.size)
    for (let c0 = 0; c0 < columns.size; c0 += tile) {
      const c1 = Math.min(c0 + tile, columns.size)
      for (let r = r0; r < r1; r++) {
        let s = from + r + c0 * step
        let t = to + r * targetStride + c0
        for (let c = c0; c < c1; c++) {
          target[t++] = source[s]!
          s += step
        }
      }
    }
  }
}

function wordsOf(bytes: Uint8Array, size: number): Words {
  if (size === 1) return bytes
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  const count = aligned.length / size
  if (size === 2)
    return new Uint16Array(aligned.buffer, aligned.byteOffset, count)
  if (size === 4)
    return new Uint32Array(aligned.buffer, aligned.byteOffset, count)
  return new BigUint64Array(aligned.buffer, aligned.byteOffset, count)
}
