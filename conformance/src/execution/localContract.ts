import { checkerRegistryAbi } from '@lynode/sdk'
import {
  buildStep,
  deployProtocol,
  devnetAccounts,
  startChain,
} from 'lynode/devnet'
import { createPublicClient, http } from 'viem'
import type { ContractAddress } from './contract.js'

/** Starts a chain of its own with the whole protocol on it. */
export async function localContract(): Promise<{
  address: ContractAddress
  stop(): Promise<void>
}> {
  const build = buildStep()
  await build.run(() => undefined)
  const chain = await startChain()
  try {
    const { addressBook } = await deployProtocol(
      chain.rpcUrl,
      devnetAccounts().deployer.privateKey,
    )
    const { fraudVerifier, reductionVerifier, checkerRegistry } =
      addressBook.contracts
    const client = createPublicClient({ transport: http(chain.rpcUrl) })
    const version = await client.readContract({
      address: checkerRegistry,
      abi: checkerRegistryAbi,
      functionName: 'latest',
    })
    return {
      address: {
        rpcUrl: chain.rpcUrl,
        verifier: fraudVerifier,
        reductions: reductionVerifier,
        registry: checkerRegistry,
        version,
      },
      stop: () => chain.stop(),
    }
  } catch (error) {
    await chain.stop()
    throw error
  }
}
