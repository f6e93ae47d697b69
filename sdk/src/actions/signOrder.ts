import type { Hex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { LynodeClient } from '../clients/lynodeClient.js'
import { toLynodeError } from '../errors/toLynodeError.js'
import { type Order, orderTypes } from '../types/order.js'
import { orderDomain, orderId } from './orderId.js'

export type SignOrderParameters = { order: Order }

export type SignOrderReturnType = { jobId: Hex; signature: Hex }

/**
 * Signs an order with the client's account (EIP-712). Nothing is sent: a signed
 * order needs no transaction (RULES D8).
 *
 * @returns The signature and the job id that a lock of this order will have.
 * @example
 * const { jobId, signature } = await signOrder(client, { order })
 */
export async function signOrder(
  client: LynodeClient,
  { order }: SignOrderParameters,
): Promise<SignOrderReturnType> {
  const { chainId, contracts } = client.addressBook
  const place = { chainId, jobMarket: contracts.jobMarket }
  try {
    const signature = await signTypedData(client, {
      account: client.account,
      domain: orderDomain(place),
      types: orderTypes,
      primaryType: 'Order',
      message: order,
    })
    return { jobId: orderId({ ...place, order }), signature }
  } catch (error) {
    throw toLynodeError(error)
  }
}
