import { LynodeError } from '@lynode/sdk'
import { type Address, isAddress } from 'viem'

/**
 * Parses the address that a payment goes to.
 *
 * @throws LynodeError `LY-CLI-001`.
 */
export function parseRecipient(text: string): Address {
  if (isAddress(text)) return text
  throw new LynodeError('LY-CLI-001', {
    details: `"${text}" is no address, or its checksum is wrong`,
  })
}
