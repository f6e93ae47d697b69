import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

/**
 * A synchronous SHA-256 of bytes (RULES H). It must not keep `data`: callers
 * reuse the array. The default is JavaScript; the runtime passes Node's.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array

/**
 * SHA-256 in JavaScript, the default of every hashing function of the sdk.
 *
 * @example
 * bytesToHex(defaultSha256(new Uint8Array())) // '0xe3b0...'
 */
export const defaultSha256: Sha256 = nobleSha256
