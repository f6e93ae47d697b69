import { type Hex, type Order, providerSet } from '@lynode/sdk'

/**
 * Proof that a provider is one of those that an order names.
 *
 * @param named - The ids behind `allowedRoot`, where the order came with them.
 * @returns Empty for an order that names nobody or this provider alone; nothing
 * when it is not named, or the ids are unknown.
 */
export function allowedProof(
  order: Pick<Order, 'allowedRoot'>,
  named: readonly number[] | undefined,
  providerId: number,
): Hex[] | undefined {
  if (BigInt(order.allowedRoot) === 0n) return []
  const ids = named ?? [providerId]
  if (!ids.includes(providerId)) return undefined
  const { root, proofOf } = providerSet(ids)
  return root === order.allowedRoot ? proofOf(providerId) : undefined
}
