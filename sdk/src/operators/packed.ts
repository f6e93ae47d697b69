// Packed little-endian float32 operands.

/** `head`, then `tail`. */
export function concatBytes(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const all = new Uint8Array(head.length + tail.length)
  all.set(head)
  all.set(tail, head.length)
  return all
}

/** `count` times 1. */
export function onesOf(count: number): Uint8Array {
  const data = new Uint8Array(4 * count)
  for (let i = 0; i < count; i++) data.set([0x80, 0x3f], 4 * i + 2)
  return data
}
