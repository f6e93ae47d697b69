import { setTimeout as sleep } from 'node:timers/promises'
import { type DaemonConfig, loadAccount, runMain } from '@lynode/runtime'
import {
  createLynodeClient,
  jobMarketAbi,
  lockJob,
  toLynodeError,
} from '@lynode/sdk'
import { defineChain, http } from 'viem'
import { getBlockNumber, getContractEvents } from 'viem/actions'

// A provider that takes one job and is never heard of again.
await runMain('provider', (config) => startSilent(config))

async function startSilent(config: DaemonConfig) {
  const { addressBook, rpc } = config
  const client = createLynodeClient({
    account: await loadAccount({ env: config.keyEnv }),
    addressBook,
    chain: defineChain({
      id: addressBook.chainId,
      name: 'Lynode',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [rpc] } },
    }),
    transport: http(rpc),
  })
  // What was announced before it came is not its business.
  const fromBlock = await getBlockNumber(client)
  const controller = new AbortController()
  const done = lockOne().catch((error: unknown) => {
    process.stderr.write(`${toLynodeError(error).message}\n`)
  })
  return {
    endpoint: 'http://127.0.0.1:9',
    async stop() {
      controller.abort()
      await done
    },
  }

  async function lockOne(): Promise<void> {
    while (!controller.signal.aborted) {
      const logs = await getContractEvents(client, {
        address: addressBook.contracts.jobMarket,
        abi: jobMarketAbi,
        eventName: 'OrderPosted',
        fromBlock,
        strict: true,
      })
      const posted = logs.find((log) => log.blockNumber > fromBlock)
      if (posted !== undefined) {
        const { order, signature } = posted.args
        await lockJob.sync(client, { order, signature })
        return
      }
      await sleep(config.pollMs)
    }
  }
}
