import type { Address, Hex } from 'viem'
import { demandsAbi } from '../abis/demandsAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { type DemandStatus, demandStatuses } from '../types/dispute.js'
import { readAction } from './readAction.js'

export type GetDemandParameters = { demandId: Hex }

/** What Disputes stores of a demand. Twin of `IDisputes.Demand`. */
export type Demand = {
  demandId: Hex
  execId: Hex
  asker: Address
  kind: number
  status: DemandStatus
  step: number
  value: number
  chunk: number
  count: number
  deadline: number
  bond: bigint
  askerGas: bigint
  answerGas: bigint
  /** Asks for a graph output: an answer earns its gas only (A5). */
  ofOutput: boolean
}

/**
 * Reads a demand (`Demands.demandOf`).
 *
 * @example
 * const { status, deadline } = await getDemand(client, { demandId })
 */
export async function getDemand(
  client: LynodeReader,
  { demandId }: GetDemandParameters,
): Promise<Demand> {
  const { status, ...demand } = await readAction(client, {
    contract: 'demands',
    abi: demandsAbi,
    functionName: 'demandOf',
    args: [demandId],
  })
  return { demandId, ...demand, status: demandStatuses[status] ?? 'none' }
}
