import type { Hex } from 'viem'
import { type Order, orderTypes } from '../types/order.js'
import {
  readSignature,
  type StructJson,
  structFromJson,
  structToJson,
} from './structJson.js'

/** An order as it travels by relay. */
export type SignedOrder = { order: Order; signature: Hex }

/** The same in JSON, as `POST /v1/orders` takes it (docs/protocol.md section 7). */
export type SignedOrderJson = { order: StructJson; signature: Hex }

/** Writes a signed order for a relay. */
export function signedOrderToJson({
  order,
  signature,
}: SignedOrder): SignedOrderJson {
  return { order: structToJson(orderTypes.Order, order), signature }
}

/**
 * Reads a signed order from a relay. Form only: nothing is known of the
 * signature.
 *
 * @throws LynodeError `LY-RLY-001` that names the first bad field.
 */
export function parseSignedOrder(json: unknown): SignedOrder {
  const { order, signature } = (json ?? {}) as Partial<
    Record<'order' | 'signature', unknown>
  >
  return {
    order: structFromJson(orderTypes.Order, order) as Order,
    signature: readSignature(signature),
  }
}
