import { maxUint96, parseEther } from 'viem'
import { LynodeError } from '../errors/lynodeError.js'

/**
 * Parses an amount with its unit: `1LYN`, `1.5LYN`, `100wei`.
 *
 * A bare number is refused, because it could mean either unit; so is more
 * precision than a wei has.
 *
 * @param text - The amount, with at most one space before the unit.
 * @returns The amount in wei.
 * @throws LynodeError `LY-AMT-001`.
 * @example
 * parseAmount('1.5LYN') // 1500000000000000000n
 */
export function parseAmount(text: string): bigint {
  const match = /^(\d+)(?:\.(\d+))? ?(LYN|wei)$/.exec(text)
  const [, whole, fraction, unit] = match ?? []
  if (whole === undefined) throw ambiguous(text, reasonAgainst(text))
  if (unit === 'wei' && fraction !== undefined)
    throw ambiguous(text, 'a wei has no fractions')
  if (fraction !== undefined && fraction.length > 18)
    throw ambiguous(text, 'LYN has 18 decimals')
  const wei =
    unit === 'wei'
      ? BigInt(whole)
      : parseEther(fraction === undefined ? whole : `${whole}.${fraction}`)
  if (wei > maxUint96) throw ambiguous(text, 'there is not so much LYN')
  return wei
}

function reasonAgainst(text: string): string {
  if (/^\d+(\.\d+)?$/.test(text)) return 'it has no unit'
  if (/^\$|usdc$/.test(text)) return 'this amount is one of LYN'
  return 'it is no number with the unit LYN or wei'
}

function ambiguous(text: string, reason: string): LynodeError {
  return new LynodeError('LY-AMT-001', { details: `"${text}": ${reason}` })
}
