import { jobMarketAbi, type Order, offersAbi } from '@lynode/sdk'
import {
  decodeAbiParameters,
  getAbiItem,
  type Hex,
  isAddressEqual,
  toFunctionSelector,
} from 'viem'
import { dynamicBytes, type Head, headOf, staticTuple } from './calldata.js'
import { type Change, upsert, type Values } from './change.js'
import type { DomainEvent } from './event.js'
import { toJson } from './toJson.js'

/** An order and its signature. */
export type Signed = { order: Order; signature: Hex }

/** The row of an order. */
export function ofOrder(
  jobId: Hex,
  { order, signature }: Signed,
  locked: boolean,
): Change {
  const values: Values<'orderEntry'> = {
    jobId,
    requester: order.requester,
    modelId: order.modelId,
    class: order.class,
    steps: order.steps,
    payToken: order.payToken,
    minPrice: order.minPrice,
    maxPrice: order.maxPrice,
    collateral: order.collateral,
    expiry: order.expiry,
    nonce: order.nonce,
    terms: JSON.stringify(toJson(order)),
    signature,
    locked,
  }
  return upsert('orderEntry', values, (row) =>
    locked && !row.locked ? { locked } : {},
  )
}

/** Where the market's functions take an order, by selector. */
const locks = new Map<string, Head>(
  jobMarketAbi.flatMap((item) =>
    item.type === 'function' && item.inputs.some(({ name }) => name === 'order')
      ? [[toFunctionSelector(item), headOf(item.inputs)] as const]
      : [],
  ),
)

/**
 * The order in the calldata of a lock: relays carry signed orders, so that no
 * event has them.
 *
 * Invariant: a call to the market itself that locked a job carried its order.
 *
 * @returns `undefined` for a lock through another contract.
 */
export function orderInLock(
  event: Pick<DomainEvent<unknown>, 'address' | 'transaction'>,
): (Signed & { data?: Hex }) | undefined {
  const { to, input } = event.transaction
  if (to === null || !isAddressEqual(to, event.address)) return undefined
  const head = locks.get(input.slice(0, 10).toLowerCase())
  if (head === undefined) return undefined
  const words = input.slice(10).toLowerCase()
  const order = staticTuple(words, head, 'order') as Order | undefined
  const signature = dynamicBytes(words, head, 'signature')
  // Calldata that the market took and the ABI does not know: nothing is said of the order.
  if (order === undefined || signature === undefined) return undefined
  const data = dynamicBytes(words, head, 'data')
  return { order, signature, ...(data === undefined ? {} : { data }) }
}

/** The offer in the calldata of a fill; `undefined` if it cannot be read. */
export function offerInFill(data: Hex | undefined) {
  if (data === undefined) return undefined
  const [offer] = getAbiItem({ abi: offersAbi, name: 'cancel' }).inputs
  try {
    const [terms, , signature] = decodeAbiParameters(
      [offer, { type: 'bytes32[]' }, { type: 'bytes' }],
      data,
    )
    return { offer: terms, signature }
  } catch {
    // Data of another entrance.
    return undefined
  }
}
