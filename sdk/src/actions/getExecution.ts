import type { Hex } from 'viem'
import { disputesAbi } from '../abis/disputesAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { type Outcome, outcomes } from '../types/dispute.js'
import { readAction } from './readAction.js'

export type GetExecutionParameters = { execId: Hex }

/** What Disputes stores of an execution. Twin of `IDisputes.Execution`. */
export type Execution = {
  execId: Hex
  outcome: Outcome
  /** Unix seconds; 0 until a dispute has touched the execution. */
  finalAt: number
  queueEnd: number
  chunksClose: number
  convictedAt: number
  liveDemands: number
  lastCommitLive: number
}

/**
 * Reads the rare-path record of an execution (`Disputes.executionOf`).
 *
 * @example
 * const { outcome, finalAt } = await getExecution(client, { execId })
 */
export async function getExecution(
  client: LynodeReader,
  { execId }: GetExecutionParameters,
): Promise<Execution> {
  const { outcome, ...execution } = await readAction(client, {
    contract: 'disputes',
    abi: disputesAbi,
    functionName: 'executionOf',
    args: [execId],
  })
  return { execId, ...execution, outcome: outcomes[outcome] ?? 'open' }
}
