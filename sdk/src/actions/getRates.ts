import { type Address, isAddressEqual } from 'viem'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import type { TokenRates } from './appraise.js'
import { readAction } from './readAction.js'

export type GetRatesParameters = {
  token: Address
  /** Whether the dollar rate is wanted too; otherwise it is 0. */
  usd?: boolean | undefined
}

/**
 * Reads what a pay token is worth now, for `appraise`.
 *
 * @throws LynodeError `LY-ORA-001` while the dollar rate is wanted and the token
 * has no healthy feeds.
 * @example
 * const rates = await getRates(client, { token, usd: false })
 */
export async function getRates(
  client: LynodeReader,
  { token, usd = true }: GetRatesParameters,
): Promise<TokenRates> {
  const [rates, usdRate] = await Promise.all([
    readAction(client, {
      contract: 'priceOracle',
      abi: priceOracleAbi,
      functionName: 'ratesOf',
      args: [token],
    }),
    usd
      ? readAction(client, {
          contract: 'priceOracle',
          abi: priceOracleAbi,
          functionName: 'usdRateOf',
          args: [token],
        })
      : 0n,
  ])
  const isLyn = isAddressEqual(token, client.addressBook.contracts.lynToken)
  return {
    lynRate: isLyn ? null : rates.lynRate,
    usdRate,
    decimals: rates.decimals,
  }
}
