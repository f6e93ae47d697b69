import { LynodeError, type LynodeReader } from '@lynode/sdk'
import { createIndexerClient, type IndexerClient } from '@lynode/sdk/indexer'
import { getBlockNumber } from 'viem/actions'

const waitMs = 3_000
const pollMs = 100

/**
 * The indexer of a network, as soon as it has the block that the chain has now,
 * so that a list shows what the command before it did.
 *
 * @returns `undefined` without one, and while it starts or is far behind: then
 * the chain is asked.
 */
export async function indexerAt(
  url: string | undefined,
  client: LynodeReader,
): Promise<IndexerClient | undefined> {
  if (url === undefined) return undefined
  const indexer = createIndexerClient({ url, timeoutMs: waitMs })
  const [head, end] = [await getBlockNumber(client), Date.now() + waitMs]
  while (Date.now() < end) {
    try {
      const { block, chainId } = await indexer.status()
      const same = chainId === client.addressBook.chainId
      if (same && BigInt(block) >= head) return indexer
    } catch (error) {
      // It has not started, or is gone: the chain knows as well.
      if (!(error instanceof LynodeError)) throw error
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return undefined
}
