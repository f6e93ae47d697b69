import { type Address, isAddressEqual } from 'viem'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import type { TokenRates } from './appraise.js'
import { readAction } from './readAction.js'

export type GetRatesParameters = { token: Address }

/**
 * Reads what a pay token is worth now, for `appraise`.
 *
 * @throws LynodeError `LY-ORA-001` while the token has no healthy dollar feeds.
 */
export async function getRates(
  client: LynodeReader,
  { token }: GetRatesParameters,
): Promise<TokenRates> {
  const [rates, usdRate] = await Promise.all([
    readAction(client, {
      contract: 'priceOracle',
      abi: priceOracleAbi,
      functionName: 'ratesOf',
      args: [token],
    }),
    readAction(client, {
      contract: 'priceOracle',
      abi: priceOracleAbi,
      functionName: 'usdRateOf',
      args: [token],
    }),
  ])
  const isLyn = isAddressEqual(token, client.addressBook.contracts.lynToken)
  return {
    lynRate: isLyn ? null : rates.lynRate,
    usdRate,
    decimals: rates.decimals,
  }
}
