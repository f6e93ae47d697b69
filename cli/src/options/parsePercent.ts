import { LynodeError } from '@lynode/sdk'

/**
 * Parses a share as people write it: `25%`, `2.5%`. The sign keeps it apart from
 * basis points.
 *
 * @returns Basis points, 0 to 10,000.
 * @throws LynodeError `LY-CLI-001`.
 */
export function parsePercent(text: string): number {
  const found = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text)
  const bps =
    Number(found?.[1]) * 100 + Number((found?.[2] ?? '').padEnd(2, '0'))
  if (found !== null && bps <= 10_000) return bps
  throw new LynodeError('LY-CLI-001', {
    details: `"${text}" is no share: write it as 2.5%`,
  })
}
