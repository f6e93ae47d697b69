import type { Address, Hex } from 'viem'
import { zkVerifierRouterAbi } from '../abis/zkVerifierRouterAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { readAction } from './readAction.js'

export type GetZkVerifierParameters = { selector: Hex }

/** A verifier of the router. */
export type ZkVerifier = { verifier: Address; retired: boolean }

/**
 * Reads a verifier of the router (`ZkVerifierRouter.verifierOf`).
 *
 * @throws LynodeError `LY-ZK-005` when there is none.
 * @example
 * const verifier = await getZkVerifier(client, { selector })
 */
export function getZkVerifier(
  client: LynodeReader,
  { selector }: GetZkVerifierParameters,
): Promise<ZkVerifier> {
  return readAction(client, {
    contract: 'zkVerifierRouter',
    abi: zkVerifierRouterAbi,
    functionName: 'verifierOf',
    args: [selector],
  })
}
