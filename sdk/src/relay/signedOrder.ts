import type { Hex } from 'viem'
import { LynodeError } from '../errors/lynodeError.js'
import { providerSet } from '../tree/setTree.js'
import { type Order, orderTypes } from '../types/order.js'
import {
  readSignature,
  type StructJson,
  structFromJson,
  structToJson,
} from './structJson.js'

/** An order as it travels by relay. */
export type SignedOrder = {
  order: Order
  signature: Hex
  /** Ids behind `allowedRoot`, so that each can prove that it is one of them. */
  allowed?: readonly number[] | undefined
}

/** The same in JSON, as `POST /v1/orders` takes it (docs/protocol.md section 7). */
export type SignedOrderJson = {
  order: StructJson
  signature: Hex
  allowed?: number[] | undefined
}

/** Most providers that an order by relay names. */
const maxAllowed = 256

/**
 * Writes a signed order for a relay.
 *
 * @example
 * signedOrderToJson({ order, signature })
 */
export function signedOrderToJson({
  order,
  signature,
  allowed,
}: SignedOrder): SignedOrderJson {
  return {
    order: structToJson(orderTypes.Order, order),
    signature,
    ...(allowed === undefined ? {} : { allowed: [...allowed] }),
  }
}

/**
 * Reads a signed order from a relay. Form only: nothing is known of the
 * signature.
 *
 * @throws LynodeError `LY-RLY-001` that names the first bad field.
 * @example
 * parseSignedOrder(signedOrderToJson({ order, signature }))
 */
export function parseSignedOrder(json: unknown): SignedOrder {
  const { order, signature, allowed } = (json ?? {}) as Partial<
    Record<'order' | 'signature' | 'allowed', unknown>
  >
  const read = structFromJson(orderTypes.Order, order) as Order
  return {
    order: read,
    signature: readSignature(signature),
    ...(allowed === undefined ? {} : { allowed: readAllowed(read, allowed) }),
  }
}

/** Ids that hash to the order's `allowedRoot`; no others. */
function readAllowed({ allowedRoot }: Order, value: unknown): number[] {
  const ids = Array.isArray(value) ? (value as unknown[]) : []
  const isId = (id: unknown): id is number =>
    typeof id === 'number' && Number.isInteger(id) && id > 0 && id < 2 ** 32
  if (
    ids.length > 0 &&
    ids.length <= maxAllowed &&
    ids.every(isId) &&
    new Set(ids).size === ids.length &&
    providerSet(ids).root === allowedRoot
  )
    return ids
  throw new LynodeError('LY-RLY-001', {
    details: '"allowed" does not list the providers of "allowedRoot"',
  })
}
