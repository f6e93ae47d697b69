import {
  type Account,
  type Chain,
  type Client,
  createClient,
  type Transport,
} from 'viem'
import type { AddressBook } from '../types/addressBook.js'
import { type LynodeActions, lynodeActions } from './lynodeActions.js'
import { withAddressBook } from './withAddressBook.js'

export type CreateLynodeClientParameters = {
  chain: Chain
  transport: Transport
  account: Account
  addressBook: AddressBook
  /** How often to ask for new blocks; viem's default if absent. */
  pollingIntervalMs?: number | undefined
}

/** A client with the protocol's actions as methods. */
export type CreateLynodeClientReturnType = Client<Transport, Chain, Account> & {
  addressBook: AddressBook
} & LynodeActions

/**
 * Creates a viem client with the protocol's actions as methods.
 *
 * @example
 * const lynode = createLynodeClient({ chain, transport: http(), account, addressBook })
 * const { status } = await lynode.getJob({ jobId })
 */
export function createLynodeClient(
  parameters: CreateLynodeClientParameters,
): CreateLynodeClientReturnType {
  const { addressBook, pollingIntervalMs, ...rest } = parameters
  return createClient({
    ...rest,
    ...(pollingIntervalMs && { pollingInterval: pollingIntervalMs }),
  })
    .extend(withAddressBook(addressBook))
    .extend(lynodeActions) as CreateLynodeClientReturnType
}
