import type { Hex } from 'viem'
import { getProviders } from '../actions/getProviders.js'
import { lockWithOffer } from '../actions/lockWithOffer.js'
import { orderId } from '../actions/orderId.js'
import { formatAmount } from '../amounts/formatAmount.js'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { LynodeError } from '../errors/lynodeError.js'
import { askQuote } from '../relay/askQuote.js'
import { reasonOf } from '../relay/askRelay.js'
import type { SignedOffer } from '../relay/signedOffer.js'
import type { Order } from '../types/order.js'

/**
 * Asks every provider for its price for an order's input and fills the cheapest
 * offer, in one transaction of the requester (RULES D6).
 *
 * @returns The order as it was filled, with its job id.
 * @throws LynodeError `LY-QUO-003` with each one's reason when there is none
 * below the order's maximum.
 * @example
 * const { jobId } = await fillQuote(client, await makeOrder(client, terms), console.log)
 */
export async function fillQuote(
  client: LynodeClient,
  order: Order,
  report?: ((line: string) => void) | undefined,
  signal?: AbortSignal | undefined,
): Promise<{ order: Order; jobId: Hex }> {
  const { chainId, contracts } = client.addressBook
  const providers = (await getProviders(client)).filter(
    ({ endpoint }) => endpoint !== '',
  )
  const answers = await Promise.allSettled(
    providers.map(({ endpoint }) =>
      askQuote(
        endpoint,
        {
          requester: order.requester,
          modelId: order.modelId,
          class: order.class,
          steps: order.steps,
          inputRoot: order.inputRoot,
          payToken: order.payToken,
          collateral: order.collateral,
          deliverDuration: order.deliverDuration,
        },
        signal,
      ),
    ),
  )
  signal?.throwIfAborted()
  const steps = BigInt(order.steps)
  const quotes: SignedOffer[] = []
  for (const [index, answer] of answers.entries()) {
    const id = providers[index]?.providerId
    if (answer.status === 'rejected') {
      report?.(`provider ${id}: ${reasonOf(answer.reason)}`)
      continue
    }
    const price = answer.value.offer.pricePerStep * steps
    report?.(`provider ${id}: ${formatAmount(price)}`)
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
