import type { Order } from '@lynode/sdk'

/** An order as text for a database; the inverse of `decodeOrder`. */
export function encodeOrder(order: Order): string {
  return JSON.stringify(order, (_, value: unknown) =>
    typeof value === 'bigint' ? { wei: String(value) } : value,
  )
}

/** Reads what `encodeOrder` wrote. */
export function decodeOrder(text: string): Order {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'wei' in value
      ? BigInt(String(value.wei))
      : value,
  ) as Order
}
