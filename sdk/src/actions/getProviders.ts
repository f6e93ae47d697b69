import { stakeManagerAbi } from '../abis/stakeManagerAbi.js'
import type { LynodeReader } from '../clients/lynodeClient.js'
import { getProvider, type Provider } from './getProvider.js'
import { readAction } from './readAction.js'

/**
 * Reads all providers and verifiers; ids count from 1 (`StakeManager.providers`).
 *
 * @example
 * for (const { providerId, stake } of await getProviders(client)) console.log(providerId, stake)
 */
export async function getProviders(client: LynodeReader): Promise<Provider[]> {
  const count = await readAction(client, {
    contract: 'stakeManager',
    abi: stakeManagerAbi,
    functionName: 'providers',
    args: [],
  })
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      getProvider(client, { providerId: index + 1 }),
    ),
  )
}
