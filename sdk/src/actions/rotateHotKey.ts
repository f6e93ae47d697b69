import type { Address, Hex } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RotateHotKeyParameters = {
  providerId: number
  hotKey: Address
  /** The new key's signature, of `signHotKeyConsent`. */
  consent: Hex
}

/** Arguments of `HotKeyRotated`. */
export type RotateHotKeyEvent = { providerId: number; hotKey: Address }

/**
 * Replaces the hot key; the old one is void at once (`StakeManager.rotateHotKey`).
 *
 * @example
 * await rotateHotKey(owner, { providerId, hotKey, consent })
 */
export const rotateHotKey: WriteAction<
  RotateHotKeyParameters,
  RotateHotKeyEvent
> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'rotateHotKey',
  args: ({ providerId, hotKey, consent }) => [providerId, hotKey, consent],
  eventName: 'HotKeyRotated',
})
