import { readFile } from 'node:fs/promises'
import type { ByteSource } from './messages.js'

/** The bytes that a message names or carries. */
export async function readSource(source: ByteSource): Promise<Uint8Array> {
  return 'bytes' in source
    ? source.bytes
    : new Uint8Array(await readFile(source.path))
}
