import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type AddressBook, LynodeError, parseAddressBook } from '@lynode/sdk'
import { type Hex, isAddress, isHex } from 'viem'
import { z } from 'zod'

const key = z.custom<Hex>((value) => isHex(value) && value.length === 66)

const schema = z.object({
  version: z.literal(1),
  pid: z.int(),
  rpcUrl: z.url(),
  /** Path of the address book, relative to this file's folder. */
  addressBook: z.string(),
  /** Base URLs of the data servers. */
  dataServers: z.array(z.url()),
  /** Base URLs of relays that carry signed orders; without any, orders are announced on chain. */
  relays: z.array(z.url()).default([]),
  /** Base URL of an indexer, which lists are read from; without one, from the chain. */
  indexer: z.url().optional(),
  /** Pay tokens besides LYN, by the unit of their prices. */
  tokens: z
    .object({ usdc: z.custom<Hex>((value) => isAddress(String(value))) })
    .partial()
    .default({}),
  /** Funded accounts of this local network; the keys are worthless elsewhere. */
  accounts: z.array(
    z.object({ name: z.string(), address: z.string(), privateKey: key }),
  ),
})

/** Content of `.lynode/devnet.json`. */
export type NetworkFile = z.infer<typeof schema>

/** A network that commands can talk to. */
export type Network = Omit<NetworkFile, 'addressBook'> & {
  addressBook: AddressBook
  addressBookPath: string
  file: string
}

/** Where a devnet of a folder describes itself. */
export const networkPath = join('.lynode', 'devnet.json')

/**
 * Finds the devnet of a folder or of the nearest folder above it.
 *
 * @throws LynodeError `LY-NET-001` when there is none, `LY-ADR-001` when its
 * files are malformed.
 */
export function findNetwork(from: string = process.cwd()): Network {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, networkPath)
    if (existsSync(file)) return readNetwork(file)
    if (folder === dirname(folder))
      throw new LynodeError('LY-NET-001', {
        details: `none in or above ${from}`,
      })
  }
}

function readNetwork(file: string): Network {
  try {
    const network = schema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const book = resolve(dirname(file), network.addressBook)
    return {
      ...network,
      addressBook: parseAddressBook(readFileSync(book, 'utf8')),
      addressBookPath: book,
      file,
    }
  } catch (cause) {
    if (cause instanceof LynodeError) throw cause
    throw new LynodeError('LY-NET-002', {
      shortMessage: 'The file of the devnet is malformed',
      details: `${file}: ${cause instanceof Error ? cause.message : cause}`,
      cause,
    })
  }
}
