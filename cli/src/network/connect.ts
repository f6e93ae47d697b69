import {
  type CreateLynodeClientReturnType,
  createLynodeClient,
  LynodeError,
} from '@lynode/sdk'
import { type Chain, defineChain, http } from 'viem'
import { getChainId } from 'viem/actions'
import { findNetwork, type Network } from './networkFile.js'
import { openAccount } from './openAccount.js'

/** A network and a client that acts for its requester account. */
export type Connection = {
  network: Network
  client: CreateLynodeClientReturnType
}

/**
 * Connects to the network of this folder as one of its accounts.
 *
 * @param name - The requester unless another one is named.
 * @throws LynodeError `LY-NET-001` none, `LY-NET-002` it does not answer,
 * `LY-NET-005` malformed or without that account, `LY-ADR-002` it is another chain.
 */
export async function connect(name = 'requester'): Promise<Connection> {
  const network = findNetwork()
  const account = network.accounts.find((one) => one.name === name)
  if (account === undefined)
    throw new LynodeError('LY-NET-005', {
      details: `${network.file} names no account "${name}", but ${network.accounts.map((one) => one.name).join(', ') || 'none'}`,
    })
  const client = createLynodeClient({
    chain: lynodeChain(network.addressBook.chainId, network.rpcUrl),
    transport: http(network.rpcUrl, { retryCount: 1, timeout: 10_000 }),
    account: openAccount(account),
    addressBook: network.addressBook,
    pollingIntervalMs: network.isDevnet ? 200 : 1_000,
  })
  const chainId = await getChainId(client).catch((cause: unknown) => {
    throw new LynodeError('LY-NET-002', {
      details: `no chain at ${network.rpcUrl}`,
      cause,
    })
  })
  if (chainId !== network.addressBook.chainId)
    throw new LynodeError('LY-ADR-002', {
      details: `${network.rpcUrl} is chain ${chainId}, the address book is of ${network.addressBook.chainId}`,
    })
  return { network, client }
}

/** A chain as viem wants it. */
export function lynodeChain(id: number, rpcUrl: string): Chain {
  return defineChain({
    id,
    name: `Lynode ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}
