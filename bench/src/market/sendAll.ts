import type { LynodeClient } from '@lynode/sdk'
import type { Hex, TransactionReceipt } from 'viem'
import {
  getTransactionCount,
  sendTransaction,
  waitForTransactionReceipt,
} from 'viem/actions'

/** Gas that is given to each call; none of a job's needs more. */
const gas = 400_000n

/**
 * Sends calls of one account, in order, without waiting for each; all must
 * succeed.
 */
export async function sendAll(
  client: LynodeClient,
  calls: readonly { to: Hex; data: Hex }[],
): Promise<TransactionReceipt[]> {
  const first = await getTransactionCount(client, {
    address: client.account.address,
  })
  const hashes: Hex[] = []
  for (const [index, call] of calls.entries())
    hashes.push(
      await sendTransaction(client, { ...call, gas, nonce: first + index }),
    )
  return Promise.all(
    hashes.map(async (hash) => {
      const receipt = await waitForTransactionReceipt(client, { hash })
      if (receipt.status !== 'success') throw new Error(`${hash} reverted`)
      return receipt
    }),
  )
}
