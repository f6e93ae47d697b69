import {
  type Account,
  type Chain,
  type Client,
  createClient,
  type Transport,
} from 'viem'
import type { Servers } from '../run/findServers.js'
import type { AddressBook } from '../types/addressBook.js'
import { type LynodeActions, lynodeActions } from './lynodeActions.js'
import { withAddressBook } from './withAddressBook.js'

export type CreateLynodeClientParameters = {
  chain: Chain
  transport: Transport
  account: Account
  addressBook: AddressBook
  /** Data servers and relays; those of the registered providers if absent. */
  servers?: Servers | undefined
  /** How often to ask for new blocks; viem's default if absent. */
  pollingIntervalMs?: number | undefined
}

/** A client with the protocol's actions as methods. */
export type CreateLynodeClientReturnType = Client<Transport, Chain, Account> & {
  addressBook: AddressBook
  servers?: Servers | undefined
} & LynodeActions

/**
 * Creates a viem client with the protocol's actions as methods.
 *
 * @example
 * const lynode = createLynodeClient({ chain, transport, account, addressBook })
 * const { status } = await lynode.getJob({ jobId })
 */
export function createLynodeClient(
  parameters: CreateLynodeClientParameters,
): CreateLynodeClientReturnType {
  const { addressBook, servers, pollingIntervalMs, ...rest } = parameters
  return createClient({
    ...rest,
    ...(pollingIntervalMs && { pollingInterval: pollingIntervalMs }),
  })
    .extend(() => ({ ...withAddressBook(addressBook)(), servers }))
    .extend(lynodeActions) as CreateLynodeClientReturnType
}
