import { findOrderOnRelays } from '@lynode/runtime'
import { findOrder, type LynodeReader, type Order } from '@lynode/sdk'
import type { Hex } from 'viem'

/** The order of a job, from the chain or, before anybody locked it, from a relay. */
export async function lookUpOrder(
  client: LynodeReader,
  relays: readonly string[],
  jobId: Hex,
): Promise<{ order: Order; signature: Hex } | undefined> {
  return (
    (await findOrder(client, { jobId })) ??
    (await findOrderOnRelays(client, relays, jobId))
  )
}
