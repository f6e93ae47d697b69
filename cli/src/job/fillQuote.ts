import { askQuote } from '@lynode/runtime'
import {
  formatAmount,
  getProviders,
  type Hex,
  type LynodeClient,
  LynodeError,
  lockWithOffer,
  type Order,
  orderId,
  type SignedOffer,
} from '@lynode/sdk'
import { describeError } from '../output/describeError.js'

/**
 * Asks every provider for its price for an order's input and fills the cheapest
 * offer, in one transaction of the requester (RULES D6).
 *
 * @returns The order as it was filled, with its job id.
 * @throws LynodeError `LY-QUO-003` with each one's reason when there is none
 * below the order's maximum.
 */
export async function fillQuote(
  client: LynodeClient,
  order: Order,
  report: (line: string) => void,
): Promise<{ order: Order; jobId: Hex }> {
  const { chainId, contracts } = client.addressBook
  const providers = (await getProviders(client)).filter(
    ({ endpoint }) => endpoint !== '',
  )
  const answers = await Promise.allSettled(
    providers.map(({ endpoint }) =>
      askQuote(endpoint, {
        requester: order.requester,
        modelId: order.modelId,
        class: order.class,
        steps: order.steps,
        inputRoot: order.inputRoot,
        payToken: order.payToken,
        collateral: order.collateral,
        deliverDuration: order.deliverDuration,
      }),
    ),
  )
  const steps = BigInt(order.steps)
  const quotes: SignedOffer[] = []
  for (const [index, answer] of answers.entries()) {
    const id = providers[index]?.providerId
    if (answer.status === 'rejected') {
      report(`provider ${id}: ${describeError(answer.reason).message}`)
      continue
    }
    const price = answer.value.offer.pricePerStep * steps
    report(`provider ${id}: ${formatAmount(price)}`)
    if (price <= order.maxPrice) quotes.push(answer.value)
  }
  const [best] = quotes.sort((a, b) =>
    a.offer.pricePerStep < b.offer.pricePerStep ? -1 : 1,
  )
  if (best === undefined)
    throw new LynodeError('LY-QUO-003', {
      details: `${providers.length} provider(s) asked, at most ${formatAmount(order.maxPrice)}`,
    })
  const { minDeliver, millisPerStep } = best.offer
  const needed = minDeliver + Math.ceil((millisPerStep * order.steps) / 1_000)
  const filled: Order = {
    ...order,
    deliverDuration: Math.max(order.deliverDuration, needed),
  }
  await lockWithOffer.sync(client, {
    order: filled,
    signature: '0x',
    offer: best.offer,
    offerSignature: best.signature,
  })
  const jobId = orderId({
    chainId,
    jobMarket: contracts.jobMarket,
    order: filled,
  })
  return { order: filled, jobId }
}
