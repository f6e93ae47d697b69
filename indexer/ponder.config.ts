import { grantFactoryAbi } from '@lynode/sdk'
import { createConfig, factory } from 'ponder'
import { getAbiItem } from 'viem'
import { readSettings } from './src/settings.js'
import { sources, vestingGrant } from './src/sources.js'

const { book, rpcUrls, startBlock, pollMs, database } = readSettings(
  process.env,
)

const contracts = Object.fromEntries(
  Object.entries(sources).map(([name, { abi }]) => [
    name,
    {
      abi,
      chain: 'lynode' as const,
      address: book.contracts[name as keyof typeof sources],
      startBlock,
    },
  ]),
)

export default createConfig({
  database,
  chains: {
    lynode: { id: book.chainId, rpc: rpcUrls, pollingInterval: pollMs },
  },
  contracts: {
    ...contracts,
    vestingGrant: {
      abi: vestingGrant.abi,
      chain: 'lynode',
      address: factory({
        address: book.contracts.grantFactory,
        event: getAbiItem({ abi: grantFactoryAbi, name: 'GrantCreated' }),
        parameter: 'grant',
      }),
      startBlock,
    },
  },
})
