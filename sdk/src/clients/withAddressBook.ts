import type { AddressBook } from '../types/addressBook.js'

/**
 * Gives a viem client the address book, as all actions of this package need it.
 *
 * @example
 * const client = createWalletClient({ account, chain, transport })
 *   .extend(withAddressBook(book))
 * await settleJob(client, { order })
 */
export function withAddressBook(
  addressBook: AddressBook,
): () => { addressBook: AddressBook } {
  return () => ({ addressBook })
}
