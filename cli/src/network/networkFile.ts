import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { KeySource } from '@lynode/runtime'
import { type AddressBook, LynodeError, parseAddressBook } from '@lynode/sdk'
import { type Address, type Hex, isAddress, isHex } from 'viem'
import { z } from 'zod'

const hexKey = z.custom<Hex>((value) => isHex(value) && value.length === 66)
const address = z.custom<Address>((value) => isAddress(String(value)))

/** Funded accounts of a local network; the keys are worthless elsewhere. */
const devnetAccount = z.strictObject({
  name: z.string(),
  address,
  privateKey: hexKey,
})

/** An account of a person: where its key is, never the key itself. */
const account = z
  .strictObject({
    name: z.string(),
    address,
    /** v3 keystore of mode 0600, relative to the network file. */
    keystore: z.string().optional(),
    /** Its password, in a file of mode 0600; without it, somebody is asked. */
    passwordFile: z.string().optional(),
    /** File of mode 0600 with the key as 0x-hex. */
    keyFile: z.string().optional(),
    /** Base URL of a Web3Signer that keeps the key. */
    web3signer: z.url().optional(),
  })
  .check(({ value, issues }) => {
    const { keystore, passwordFile, keyFile, web3signer } = value
    const refuse = (message: string) =>
      issues.push({ code: 'custom', message, input: value })
    if ([keystore, keyFile, web3signer].filter(Boolean).length > 1)
      refuse('only one of `keystore`, `keyFile` and `web3signer` can be set')
    if (passwordFile !== undefined && keystore === undefined)
      refuse('`passwordFile` is of no use without `keystore`')
  })

const shape = {
  version: z.literal(1),
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
  tokens: z.object({ usdc: address }).partial().default({}),
}

const devnetSchema = z.strictObject({
  ...shape,
  /** Process of `lynode devnet`. */
  pid: z.int(),
  accounts: z.array(devnetAccount),
})

const networkSchema = z.strictObject({
  ...shape,
  /** Inputs and models are uploaded to the first one. */
  dataServers: z.array(z.url()).min(1),
  accounts: z.array(account).default([]),
})

/** Content of `.lynode/devnet.json`, which a devnet writes while it runs. */
export type DevnetFile = z.infer<typeof devnetSchema>

/** Who can sign on a network, and where the key is. */
export type NetworkAccount = {
  name: string
  address: Address
  /** `undefined` where only the address is known: it reads, and signs nothing. */
  key: KeySource | { privateKey: Hex } | undefined
}

/** A network that commands can talk to. */
export type Network = Omit<
  z.infer<typeof networkSchema>,
  'addressBook' | 'accounts'
> & {
  addressBook: AddressBook
  addressBookPath: string
  accounts: readonly NetworkAccount[]
  file: string
  /** Where commands keep what they know of it: downloads, bids, what was spent. */
  folder: string
  /** Started by `lynode devnet`, with blocks every fraction of a second. */
  isDevnet: boolean
}

/** Where a devnet of a folder describes itself. */
export const devnetPath = join('.lynode', 'devnet.json')

/** Where a person describes another network. */
export const networkPath = join('.lynode', 'network.json')

/**
 * Finds the network of the commands: the file that `LYNODE_NETWORK` names, with
 * its state in `.lynode` here, or the devnet or network of the nearest folder that
 * has one.
 *
 * @throws LynodeError `LY-NET-001` when there is none, `LY-NET-005` when it is
 * malformed or a folder has two, `LY-ADR-001` for a malformed address book.
 */
export function findNetwork(from: string = process.cwd()): Network {
  const named = process.env['LYNODE_NETWORK']
  if (named) return readNetwork(resolve(named), resolve('.lynode'))
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const [file, second] = [networkPath, devnetPath]
      .map((path) => join(folder, path))
      .filter((path) => existsSync(path))
    if (file !== undefined && second !== undefined)
      throw new LynodeError('LY-NET-005', {
        details: `both ${file} and ${second} are there: name one in LYNODE_NETWORK`,
      })
    if (file !== undefined) return readNetwork(file, dirname(file))
    if (folder === dirname(folder))
      throw new LynodeError('LY-NET-001', {
        details: `none in or above ${from}`,
      })
  }
}

function readNetwork(file: string, state: string): Network {
  const refuse = (cause: unknown) =>
    new LynodeError('LY-NET-005', {
      details: `${file}: ${cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : cause}`,
      cause,
    })
  const folder = dirname(file)
  const isDevnet = basename(file) === basename(devnetPath)
  let read: { addressBook: string } & Omit<Network, 'addressBook'>
  let book: string
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const { accounts, ...network } = isDevnet
      ? devnetSchema.parse(content)
      : networkSchema.parse(content)
    const addressBookPath = resolve(folder, network.addressBook)
    book = readFileSync(addressBookPath, 'utf8')
    read = {
      ...network,
      accounts: accounts.map(({ name, address, ...source }) => ({
        name,
        address,
        key: keyOf(source, address, folder),
      })),
      addressBookPath,
      file,
      folder: state,
      isDevnet,
    }
  } catch (cause) {
    throw refuse(cause)
  }
  return { ...read, addressBook: parseAddressBook(book) }
}

function keyOf(
  source: Omit<z.infer<typeof account>, 'name' | 'address'> & {
    privateKey?: Hex
  },
  address: Address,
  folder: string,
): NetworkAccount['key'] {
  const { privateKey, keystore, passwordFile, keyFile, web3signer } = source
  if (privateKey !== undefined) return { privateKey }
  if (web3signer !== undefined) return { web3signer, address }
  if (keyFile !== undefined) return { file: resolve(folder, keyFile) }
  if (keystore === undefined) return undefined
  return {
    keystore: resolve(folder, keystore),
    passwordFile: passwordFile && resolve(folder, passwordFile),
  }
}
