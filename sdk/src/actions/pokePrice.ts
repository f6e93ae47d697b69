import type { Address } from 'viem'
import { priceOracleAbi } from '../abis/priceOracleAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type PokePriceParameters = { token: Address }

/** Arguments of `UsdRateCached`. */
export type PokePriceEvent = { token: Address; rate: bigint }

/**
 * Caches the dollar rate of a pay token, so that dollar locks of the next minute are cheaper, and moves its LYN rate (`PriceOracle.poke`).
 *
 * @example
 * await pokePrice.sync(client, { token })
 */
export const pokePrice: WriteAction<PokePriceParameters, PokePriceEvent> =
  writeAction({
    contract: 'priceOracle',
    abi: priceOracleAbi,
    functionName: 'poke',
    args: ({ token }) => [token],
    eventName: 'UsdRateCached',
  })
