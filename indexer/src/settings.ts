import { readFileSync } from 'node:fs'
import { type AddressBook, LynodeError, parseAddressBook } from '@lynode/sdk'
import { z } from 'zod'

/** What an indexer follows, and where it keeps it. */
export type Settings = {
  book: AddressBook
  /** More than once for a node of this machine; see `entriesOf`. */
  rpcUrls: string[]
  startBlock: number
  pollMs: number
  database:
    | { kind: 'pglite'; directory: string }
    | { kind: 'postgres'; connectionString: string }
}

const environment = z.object({
  LYNODE_RPC_URL: z.url(),
  /** Path of the address book. */
  LYNODE_ADDRESS_BOOK: z.string().min(1),
  /** Must be the address book's, if it is given. */
  LYNODE_CHAIN_ID: z.coerce.number().int().positive().optional(),
  LYNODE_START_BLOCK: z.coerce.number().int().nonnegative().optional(),
  LYNODE_POLL_MS: z.coerce.number().int().min(50).default(1_000),
  /** Folder of the embedded database. */
  LYNODE_INDEXER_DATA: z.string().min(1).default('.lynode-indexer'),
  DATABASE_URL: z.string().min(1).optional(),
})

/**
 * Reads the settings of an indexer from its environment.
 *
 * @throws LynodeError `LY-IDX-001` that names each variable that is wrong,
 * `LY-ADR-001` or `LY-ADR-002` for the address book.
 */
export function readSettings(
  variables: Record<string, string | undefined>,
): Settings {
  const result = environment.safeParse(variables)
  if (!result.success)
    throw new LynodeError('LY-IDX-001', {
      details: result.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; '),
      cause: result.error,
    })
  const read = result.data
  const book = parseAddressBook(readBook(read.LYNODE_ADDRESS_BOOK))
  const chainId = read.LYNODE_CHAIN_ID ?? book.chainId
  if (chainId !== book.chainId)
    throw new LynodeError('LY-ADR-002', {
      details: `LYNODE_CHAIN_ID is ${chainId}, the address book is of ${book.chainId}`,
    })
  return {
    book,
    rpcUrls: entriesOf(read.LYNODE_RPC_URL),
    startBlock: read.LYNODE_START_BLOCK ?? Number(book.deployBlock),
    pollMs: read.LYNODE_POLL_MS,
    database:
      read.DATABASE_URL === undefined
        ? { kind: 'pglite', directory: read.LYNODE_INDEXER_DATA }
        : { kind: 'postgres', connectionString: read.DATABASE_URL },
  }
}

const localEntries = 25

/**
 * Ponder asks each entry of its list 20 times a second at first, whoever is
 * behind it: kind to a provider that counts, slow with a node of one's own.
 */
function entriesOf(url: string): string[] {
  const { hostname } = new URL(url)
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  return Array<string>(local ? localEntries : 1).fill(url)
}

function readBook(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LynodeError('LY-IDX-001', {
      details: `LYNODE_ADDRESS_BOOK: ${path} cannot be read`,
      cause,
    })
  }
}
