import {
  absorbTerms,
  accumulationId,
  accumulationsAbi,
  type BuiltAccumulation,
  judgeAccumulation,
  openAccumulation,
} from '@lynode/sdk'
import { type Hex, parseEventLogs } from 'viem'
import { pause, refused } from './demands.js'
import { ExecutionOver } from './outcome.js'
import type { ProveElementOptions } from './proveElement.js'

/**
 * Proves an element that one transaction cannot carry (RULES A9): opens an
 * accumulation, absorbs the terms part by part, and has it judged. Every
 * transaction has a key, so that a restart goes on behind the last one.
 *
 * @throws ExecutionOver when the execution was closed meanwhile.
 */
export async function proveInParts(
  options: ProveElementOptions,
  built: BuiltAccumulation,
): Promise<Hex> {
  const { daemon, execId, order } = options
  const { outbox, contracts, account, client } = daemon
  const { step, node, output, element } = built.verdict
  const place = { step, node, output, element, hint: built.hint }
  const id = accumulationId({ execId, opener: account.address, place })
  const own = { order, place, opener: account.address }
  try {
    const opened = await outbox.send({
      key: `accumulate:${id}`,
      kind: 'openAccumulation',
      ...openAccumulation.transaction(contracts, { order, place }),
    })
    let at = opened.blockNumber
    let state: Hex = '0x'
    for (const [index, { count, proof }] of built.parts.entries()) {
      const receipt = await outbox.send({
        key: `absorb:${id}:${index}`,
        kind: 'absorbTerms',
        ...absorbTerms.transaction(contracts, { ...own, state, count, proof }),
      })
      const [absorbed] = parseEventLogs({
        abi: accumulationsAbi,
        eventName: 'Absorbed',
        logs: receipt.logs,
      })
      state = absorbed?.args.state ?? state
      at = receipt.blockNumber
    }
    // The verdict's simulation has to see the last part.
    while ((await client.getBlockNumber()) < at) await pause(daemon)
    const { transactionHash } = await outbox.send({
      key: `judge:${id}`,
      kind: 'judgeAccumulation',
      ...judgeAccumulation.transaction(contracts, {
        ...own,
        state,
        proof: built.verdict,
      }),
    })
    return transactionHash
  } catch (error) {
    if (
      refused(
        error,
        'Disputes_NotDisputable',
        'Disputes_Closed',
        'Accumulations_Lapsed',
        'Accumulations_NotOpen',
      )
    )
      throw new ExecutionOver('closed')
    throw error
  }
}
