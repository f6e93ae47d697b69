/** What travels by relay. */
export type RelayKind = 'order' | 'offer' | 'heartbeat'

/**
 * Path of each kind on a relay (docs/protocol.md section 7).
 *
 * @example
 * relayPaths['order'] // '/v1/orders'
 */
export const relayPaths: Record<RelayKind, string> = {
  order: '/v1/orders',
  offer: '/v1/offers',
  heartbeat: '/v1/heartbeats',
}
