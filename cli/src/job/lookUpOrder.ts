import {
  findOrder,
  findOrderOnRelays,
  type LynodeReader,
  type Order,
} from '@lynode/sdk'
import type { Hex } from 'viem'

/** The order of a job, from the chain or, before anybody locked it, from a relay. */
export async function lookUpOrder(
  client: LynodeReader,
  relays: readonly string[],
  jobId: Hex,
): Promise<{ order: Order; signature: Hex } | undefined> {
  const found = await findOrder(client, { jobId })
  if (found !== undefined && found.signature !== '0x') return found
  return (await findOrderOnRelays(client, relays, jobId)) ?? found
}
