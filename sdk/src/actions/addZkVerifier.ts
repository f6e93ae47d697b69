import type { Address, Hex } from 'viem'
import { zkVerifierRouterAbi } from '../abis/zkVerifierRouterAbi.js'
import { type WriteAction, writeAction } from './writeAction.js'

export type AddZkVerifierParameters = { verifier: Address }

/** Arguments of `VerifierAdded`. */
export type AddZkVerifierEvent = {
  selector: Hex
  verifier: Address
  codeHash: Hex
}

/**
 * Adds a deployed Halo2 verifier (`ZkVerifierRouter.add`). Its selector is the
 * first four bytes of its code hash.
 *
 * @example
 * const { event } = await addZkVerifier.sync(client, { verifier })
 */
export const addZkVerifier: WriteAction<
  AddZkVerifierParameters,
  AddZkVerifierEvent
> = writeAction({
  contract: 'zkVerifierRouter',
  abi: zkVerifierRouterAbi,
  functionName: 'add',
  args: ({ verifier }) => [verifier],
  eventName: 'VerifierAdded',
})
