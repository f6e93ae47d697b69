import type { Account, Chain, Client, Transport } from 'viem'
import type { Servers } from '../run/findServers.js'
import type { AddressBook } from '../types/addressBook.js'

/** A viem client that knows where the protocol's contracts are. */
export type LynodeReader = Client<Transport, Chain | undefined> & {
  addressBook: AddressBook
  /** Where data and orders go; found on chain if absent. */
  servers?: Servers | undefined
}

/** A {@link LynodeReader} with an account that signs and sends. */
export type LynodeClient = Client<Transport, Chain, Account> & {
  addressBook: AddressBook
  /** Where data and orders go; found on chain if absent. */
  servers?: Servers | undefined
}
