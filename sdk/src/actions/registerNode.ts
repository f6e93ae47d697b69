import type { Address, Hex } from 'viem'
import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import { type Role, roleCodes } from '../types/role.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type RegisterNodeParameters = {
  role: Role
  hotKey: Address
  /** Base URL of the node's data server. */
  endpoint: string
  /** The hot key's signature, of `signHotKeyConsent`; `0x` if it is the owner. */
  consent: Hex
}

/** Arguments of `Registered`. */
export type RegisterNodeEvent = {
  providerId: number
  /** Code of the role. */
  role: number
  owner: Address
  hotKey: Address
}

/**
 * Registers the client's account as owner of a new provider or verifier (`StakeManager.register`).
 *
 * @example
 * const consent = await signHotKeyConsent(hot, { owner: owner.account.address, role: 'provider' })
 * const { event } = await registerNode.sync(owner, { role: 'provider', hotKey, endpoint, consent })
 */
export const registerNode: WriteAction<
  RegisterNodeParameters,
  RegisterNodeEvent
> = writeAction({
  contract: 'stakeManager',
  abi: stakeManagerAbi,
  functionName: 'register',
  args: ({ role, hotKey, endpoint, consent }) => [
    roleCodes[role],
    hotKey,
    endpoint,
    consent,
  ],
  eventName: 'Registered',
})
