import type { Address, Hex } from 'viem'
import { demandsAbi } from '../abis/demandsAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type ClaimBondParameters = { demandId: Hex }

/** Arguments of `BondClaimed`. */
export type ClaimBondEvent = {
  demandId: Hex
  asker: Address
  toAsker: bigint
  toProvider: bigint
  burnt: bigint
}

/**
 * Pays out the bond of a demand after the outcome of its execution (`Demands.claimBond`).
 *
 * @example
 * await claimBond(client, { demandId })
 */
export const claimBond: WriteAction<ClaimBondParameters, ClaimBondEvent> =
  writeAction({
    contract: 'demands',
    abi: demandsAbi,
    functionName: 'claimBond',
    args: ({ demandId }) => [demandId],
    eventName: 'BondClaimed',
  })
