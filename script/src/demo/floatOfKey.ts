/**
 * The float32 of a key (docs/protocol.md section 6): both zeros have key 0 and
 * the infinities +-0x7f800000.
 */
export function floatOfKey(key: bigint): number {
  return key < 0n ? -floatOfBits(-key) : floatOfBits(key)
}

/** The float32 of a bit pattern. */
export function floatOfBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, Number(bits))
  return view.getFloat32(0)
}
