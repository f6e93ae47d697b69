import { LynodeError } from '../errors/lynodeError.js'
import { parseAmount } from './parseAmount.js'

/** What a price is counted in. */
export type PriceUnit = 'LYN' | 'USDC' | 'USD'

/** A price, exactly. */
export type Price = {
  unit: PriceUnit
  /** LYN wei, USDC with 6 decimals, or US dollars with 18. */
  value: bigint
}

/** Decimals of a unit that is not LYN. */
const decimals = { USDC: 6, USD: 18 } as const

/**
 * Parses a price with its unit: `1LYN`, `100wei`, `1.5usdc`, `$2`.
 *
 * Dollars are what an order's price may be counted in, while it is paid in a
 * token; `usdc` is a token. Neither stands for the other, and a bare number
 * for none of them.
 *
 * @param text - The price, with at most one space before a unit.
 * @returns The price and what it is counted in.
 * @throws LynodeError `LY-AMT-001`.
 * @example
 * parsePrice('$2') // { unit: 'USD', value: 2000000000000000000n }
 */
export function parsePrice(text: string): Price {
  const [, usd, usdc] = /^(?:\$(.*)|(.*?) ?usdc)$/.exec(text) ?? []
  if (usd !== undefined) return { unit: 'USD', value: parse(text, usd, 'USD') }
  if (usdc !== undefined)
    return { unit: 'USDC', value: parse(text, usdc, 'USDC') }
  return { unit: 'LYN', value: parseAmount(text) }
}

function parse(text: string, number: string, unit: 'USDC' | 'USD'): bigint {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(number) ?? []
  const places = decimals[unit]
  if (whole === undefined)
    throw new LynodeError('LY-AMT-001', {
      details: `"${text}": it is no number ${unit === 'USD' ? 'behind $' : 'with the unit usdc'}`,
    })
  if (fraction.length > places)
    throw new LynodeError('LY-AMT-001', {
      details: `"${text}": ${unit} has ${places} decimals`,
    })
  return BigInt(whole + fraction.padEnd(places, '0'))
}
