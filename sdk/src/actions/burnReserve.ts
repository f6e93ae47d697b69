import type { Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type BurnReserveParameters = { execId: Hex }

/** Arguments of `ReserveBurnt`. */
export type BurnReserveEvent = { execId: Hex; amount: bigint }

/**
 * Burns what is left of a conviction's reserve once earlier commits can no longer be revealed (`Disputes.burnReserve`).
 *
 * @example
 * await burnReserve(client, { execId })
 */
export const burnReserve: WriteAction<BurnReserveParameters, BurnReserveEvent> =
  writeAction({
    contract: 'disputes',
    abi: disputesAbi,
    functionName: 'burnReserve',
    args: ({ execId }) => [execId],
    eventName: 'ReserveBurnt',
  })
