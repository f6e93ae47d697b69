import {
  hexToBytes as fromHex,
  bytesToHex as toHex,
} from '@noble/hashes/utils.js'
import type { Hex } from '../types/manifest.js'

/**
 * 0x-hex of bytes.
 *
 * @example
 * bytesToHex(Uint8Array.of(1, 255)) // '0x01ff'
 */
export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${toHex(bytes)}`
}

/**
 * Bytes of 0x-hex. @throws Error when it is not hex of whole bytes.
 *
 * @example
 * hexToBytes('0x01ff') // Uint8Array [1, 255]
 */
export function hexToBytes(hex: Hex): Uint8Array {
  if (!hex.startsWith('0x')) throw new Error(`not 0x-hex: ${hex.slice(0, 20)}`)
  return fromHex(hex.slice(2))
}

/**
 * Whether `value` is a 32-byte root in lower-case 0x-hex.
 *
 * @example
 * isRoot(manifest.modelId) // true
 */
export function isRoot(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}
