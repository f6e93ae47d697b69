import { LynodeError } from '@lynode/sdk'

/**
 * Parses the id of a provider, verifier or pool: they count from 1.
 *
 * @throws LynodeError `LY-CLI-001`.
 */
export function parseProviderId(text: string): number {
  const id = Number(text)
  if (/^[1-9]\d*$/.test(text) && id < 2 ** 32) return id
  throw new LynodeError('LY-CLI-001', {
    details: `"${text}" is no id: they count from 1`,
  })
}
