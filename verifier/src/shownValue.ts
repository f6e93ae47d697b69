/** A float32 by its key (docs/protocol.md section 6). */
function floatOfKey(key: bigint): number {
  const bits = key < 0n ? -key + (1n << 31n) : key
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, Number(bits))
  return view.getFloat32(0)
}

/** A number that JSON can hold; infinities and NaN become text. */
function shown(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/**
 * The claimed value and the ends of its interval as a person reads them.
 *
 * @param claimed - Bit pattern as the contract reports it.
 * @param low - Key or integer; so is `high`.
 */
export function shownValue(
  dtype: number,
  claimed: bigint,
  low: bigint,
  high: bigint,
): Record<'claimed' | 'low' | 'high', number | string> {
  if (dtype !== 1)
    return { claimed: String(claimed), low: String(low), high: String(high) }
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, Number(claimed & 0xffffffffn))
  return {
    claimed: shown(view.getFloat32(0)),
    low: shown(floatOfKey(low)),
    high: shown(floatOfKey(high)),
  }
}
