import { readFileSync } from 'node:fs'
import type { ByteSource } from './messages.js'

/**
 * The bytes that a message names or carries. A runner does one thing at a time:
 * to wait for the disk in a thread of its own would only take longer.
 */
export function readSource(source: ByteSource): Uint8Array {
  return 'bytes' in source ? source.bytes : readFileSync(source.path)
}
