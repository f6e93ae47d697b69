import { LynodeError } from '@lynode/sdk'
import { type Hex, isHex } from 'viem'

/**
 * Parses a model id or a job id: 32 bytes of 0x-hex.
 *
 * @throws LynodeError `LY-CLI-001`.
 */
export function parseId(text: string, what: string): Hex {
  const id = text.toLowerCase()
  if (isHex(id) && id.length === 66) return id
  throw new LynodeError('LY-CLI-001', {
    details: `"${text}" is no ${what} id: that is 0x and 64 hex digits`,
  })
}
