import type { RevertReason } from '@lynode/runtime'
import { hexToString, isHex } from 'viem'

/**
 * Refusals of `lock` that follow from the order itself, or from what never
 * changes back. Every other one may pass: stake comes free, a pause ends, a
 * rate is renewed, and the node that refused may have been behind the chain.
 */
const lasting = new Set([
  'JobMarket_BadOrder',
  'JobMarket_ClassNotOffered',
  'JobMarket_CollateralTooLow',
  'JobMarket_LockClosed',
  'JobMarket_NonceUsed',
  'JobMarket_NotAllowed',
  'JobMarket_VerificationFeeTooLow',
  'JobMarket_VersionRetired',
])

/** Whether a refusal of `lock` holds as long as the order is open. */
export function isLasting({ name, args }: RevertReason): boolean {
  if (!lasting.has(name)) return false
  // A token is unknown until its snapshot is there: a late node has none yet.
  const [, field] = args
  return !(
    name === 'JobMarket_BadOrder' &&
    isHex(field) &&
    hexToString(field, { size: 32 }) === 'payToken'
  )
}
