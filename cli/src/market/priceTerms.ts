import { LynodeError, type MakeOrderParameters, parsePrice } from '@lynode/sdk'
import type { Network } from '../network/networkFile.js'

/** What an order pays, and in what it is counted. */
export type PriceTerms = Pick<
  MakeOrderParameters,
  'maxPrice' | 'payToken' | 'currency'
>

/**
 * Reads a price of the command line: `15LYN` and `100wei` are LYN, `$2` are
 * dollars that are paid in LYN, `1.5usdc` is paid in that token.
 *
 * @throws LynodeError `LY-AMT-001` for what could mean two things, `LY-AMT-002`
 * when the network names no such token.
 */
export function priceTerms(
  text: string,
  network: Pick<Network, 'tokens' | 'file'>,
): PriceTerms {
  const { unit, value: maxPrice } = parsePrice(text)
  switch (unit) {
    case 'LYN':
      return { maxPrice }
    case 'USD':
      return { maxPrice, currency: 'usd' }
    case 'USDC': {
      const payToken = network.tokens.usdc
      if (payToken === undefined)
        throw new LynodeError('LY-AMT-002', {
          details: `${text}: ${network.file} names no token usdc`,
        })
      return { maxPrice, payToken }
    }
  }
}
