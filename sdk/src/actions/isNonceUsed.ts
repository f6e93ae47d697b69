import { jobMarketAbi } from '../abis/jobMarketAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import type { Order } from '../types/order.js'
import { readAction } from './readAction.js'

export type IsNonceUsedParameters = Pick<Order, 'requester' | 'nonce'>

/**
 * Whether a nonce was spent by a lock or by `cancel`.
 *
 * @example
 * const taken = await isNonceUsed(client, { requester: account.address, nonce: 7n })
 */
export function isNonceUsed(
  client: LynodeReader,
  { requester, nonce }: IsNonceUsedParameters,
): Promise<boolean> {
  return readAction(client, {
    contract: 'jobMarket',
    abi: jobMarketAbi,
    functionName: 'isNonceUsed',
    args: [requester, nonce],
  })
}
