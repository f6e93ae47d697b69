import type { Hex } from 'viem'
import { attestationsAbi } from '../abis/attestationsAbi.js'
import { type WriteAction, writeAction } from '../actions/writeAction.js'

export type SettleCaseParameters = { caseId: Hex }

/** Arguments of `CaseSettled`. */
export type SettleCaseEvent = { caseId: Hex }

/**
 * Closes a case in which nothing was proved (`Attestations.settle`): bonds of its demands can be claimed, and the verifier's stake is free to be released. Anyone may.
 *
 * @example
 * await settleCase.sync(client, { caseId })
 */
export const settleCase: WriteAction<SettleCaseParameters, SettleCaseEvent> =
  writeAction({
    contract: 'attestations',
    abi: attestationsAbi,
    functionName: 'settle',
    args: ({ caseId }) => [caseId],
    eventName: 'CaseSettled',
  })
