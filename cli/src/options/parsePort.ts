import { LynodeError } from '@lynode/sdk'

/** Reads a port; 0 means any free one. @throws LynodeError `LY-CLI-001` */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new LynodeError('LY-CLI-001', { details: `"${text}" is no port` })
}
