import {
  type Address,
  type Hex,
  hashTypedData,
  type TypedDataDomain,
} from 'viem'
import { type Order, orderTypes } from '../types/order.js'

/**
 * The EIP-712 domain of the job market (docs/protocol.md section 4).
 *
 * @example
 * orderDomain({ chainId, jobMarket: addressBook.contracts.jobMarket })
 */
export function orderDomain(parameters: {
  chainId: number
  jobMarket: Address
}): TypedDataDomain {
  return {
    name: 'Lynode JobMarket',
    version: '1',
    chainId: parameters.chainId,
    verifyingContract: parameters.jobMarket,
  }
}

export type OrderIdParameters = {
  chainId: number
  jobMarket: Address
  order: Order
}

/**
 * Computes the job id of an order, as `JobMarket.jobIdOf` does.
 *
 * @example
 * orderId({ chainId, jobMarket: addressBook.contracts.jobMarket, order })
 */
export function orderId(parameters: OrderIdParameters): Hex {
  return hashTypedData({
    domain: orderDomain(parameters),
    types: orderTypes,
    primaryType: 'Order',
    message: parameters.order,
  })
}
