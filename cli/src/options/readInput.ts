import { readFileSync } from 'node:fs'
import { LynodeError } from '@lynode/sdk'

/**
 * Reads a file that the user named.
 *
 * @throws LynodeError `LY-CLI-002`.
 */
export function readInput(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path))
  } catch (cause) {
    throw new LynodeError('LY-CLI-002', {
      details: cause instanceof Error ? cause.message : path,
      cause,
    })
  }
}
