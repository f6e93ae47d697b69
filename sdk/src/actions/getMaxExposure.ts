import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetMaxExposureParameters = { collateral: bigint }

/**
 * Reads the most LYN wei of price and value at risk that a collateral backs now: a lock above it reverts (RULES D2).
 *
 * @example
 * const wei = await getMaxExposure(client, { collateral: parseEther('1000') })
 */
export function getMaxExposure(
  client: LynodeReader,
  { collateral }: GetMaxExposureParameters,
): Promise<bigint> {
  return readAction(client, {
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'maxExposureOf',
    args: [collateral],
  })
}
