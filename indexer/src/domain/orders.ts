import { jobMarketAbi, type Order, offersAbi } from '@lynode/sdk'
import {
  type AbiParameter,
  decodeAbiParameters,
  getAbiItem,
  type Hex,
  isAddressEqual,
  isHex,
  toFunctionSelector,
} from 'viem'
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
  const values: Values<'order'> = {
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
    terms: toJson(order) as Record<string, string | number>,
    signature,
    locked,
  }
  return upsert('order', values, (row) =>
    locked && !row.locked ? { locked } : {},
  )
}

/** Spends nonces of a requester: bits of a word. */
export function ofNonces(requester: Hex, word: bigint, mask: bigint): Change {
  return upsert('nonceWord', { requester, word, mask }, (row) => ({
    mask: row.mask | mask,
  }))
}

/** Inputs of the market's functions that take an order, by selector: hashed once, not for every lock. */
const locks = new Map<string, readonly AbiParameter[]>(
  jobMarketAbi.flatMap((item) =>
    item.type === 'function' && item.inputs.some(({ name }) => name === 'order')
      ? [[toFunctionSelector(item), item.inputs] as const]
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
  const inputs = locks.get(input.slice(0, 10).toLowerCase())
  if (inputs === undefined) return undefined
  try {
    const args: readonly unknown[] = decodeAbiParameters(
      inputs,
      `0x${input.slice(10)}`,
    )
    const argument = (name: string) =>
      args[inputs.findIndex((one) => one.name === name)]
    const order = argument('order') as Order | undefined
    const signature = argument('signature')
    if (order === undefined || !isHex(signature)) return undefined
    const data = argument('data')
    return { order, signature, ...(isHex(data) ? { data } : {}) }
  } catch {
    // Calldata that the market took and the ABI does not know: nothing is said of the order.
    return undefined
  }
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
