import { announceOrder, makeOrder, type Order, signOrder } from '@lynode/sdk'
import { type Hex, parseEther } from 'viem'
import type { DemoContext } from './demoContext.js'

/**
 * Announces an order for a run of a model: the same terms each time, with a fresh
 * nonce.
 */
export async function announceRun({
  requester,
  manifest,
  inputRoot,
}: Pick<DemoContext, 'requester' | 'manifest' | 'inputRoot'>): Promise<{
  jobId: Hex
  order: Order
}> {
  const order = await makeOrder(requester, {
    modelId: manifest.modelId,
    class: manifest.class,
    inputRoot,
    minPrice: parseEther('5'),
    maxPrice: parseEther('15'),
    rampDuration: 8,
  })
  const { jobId, signature } = await signOrder(requester, { order })
  await announceOrder.sync(requester, { order, signature })
  return { jobId, order }
}
