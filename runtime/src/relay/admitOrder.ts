import {
  getBalance,
  isNonceUsed,
  isOrderSignature,
  LynodeError,
  type LynodeReader,
  orderId,
  parseSignedOrder,
  signedOrderToJson,
} from '@lynode/sdk'
import type { RelayEntry } from './relayStore.js'

/**
 * Decides whether an order may travel by this relay: it is signed, can still be
 * locked, and its requester has the money, so that spam costs a deposit.
 *
 * @param now - Block time in unix seconds.
 * @throws LynodeError `LY-RLY-001` malformed, `LY-RLY-002` not signed, spent or
 * expired, `LY-RLY-003` not funded.
 */
export async function admitOrder(
  client: LynodeReader,
  json: unknown,
  now: number,
): Promise<RelayEntry> {
  const signed = parseSignedOrder(json)
  const { order } = signed
  const { chainId, contracts } = client.addressBook
  const id = orderId({ chainId, jobMarket: contracts.jobMarket, order })
  if (order.expiry <= now)
    throw new LynodeError('LY-RLY-002', {
      details: `order ${id} expired at ${order.expiry}`,
    })
  const [isSigned, spent, { committed }] = await Promise.all([
    isOrderSignature(client, signed),
    isNonceUsed(client, order),
    getBalance(client, { token: order.payToken, account: order.requester }),
  ])
  if (!isSigned)
    throw new LynodeError('LY-RLY-002', {
      details: `order ${id} is not signed by ${order.requester}`,
    })
  if (spent)
    throw new LynodeError('LY-RLY-002', {
      details: `nonce ${order.nonce} of ${order.requester} is spent`,
    })
  if (committed < order.maxTotal)
    throw new LynodeError('LY-RLY-003', {
      details: `${order.requester} has committed ${committed} wei, the order may cost ${order.maxTotal}`,
    })
  return {
    kind: 'order',
    id,
    sender: order.requester.toLowerCase(),
    body: JSON.stringify(signedOrderToJson(signed)),
    expiry: order.expiry,
  }
}
