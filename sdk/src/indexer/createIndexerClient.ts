import { z } from 'zod'
import { LynodeError } from '../errors/lynodeError.js'
import {
  type IndexerFilters,
  type IndexerLists,
  type IndexerProtocol,
  indexerAmounts,
  indexerRowTypes,
} from './indexerRows.js'

/** How far an indexer is on its chain. */
export type IndexerStatus = {
  chainId: number
  /** Last block in its tables, and the block's time. */
  block: number
  time: number
  /** Rows that a later block changed are provisional. */
  finalisedBlock: number
}

/** A page of a list, the newest rows first. */
export type IndexerPage<row> = {
  items: row[]
  /** Gives the next page; null on the last one. */
  cursor: string | null
  status: IndexerStatus
}

export type CreateIndexerClientParameters = {
  /** Base URL, as `lynode devnet` prints it. */
  url: string
  /** Instead of the global one. */
  fetch?: typeof globalThis.fetch | undefined
  /** How long a request may take; 10 seconds by default. */
  timeoutMs?: number | undefined
}

type ListName = keyof IndexerLists

export type IndexerListParameters<list extends ListName> = {
  /** Filters by equality. */
  where?:
    | { [name in IndexerFilters[list]]?: string | number | boolean | undefined }
    | undefined
  cursor?: string | undefined
  /** At most 200; 50 by default. */
  limit?: number | undefined
}

/** Reads the REST contract of an indexer. */
export type IndexerClient = {
  status(): Promise<IndexerStatus>
  /** What holds for the protocol as a whole. */
  protocol(): Promise<IndexerProtocol>
  /** One page of a list. */
  list<list extends ListName>(
    list: list,
    parameters?: IndexerListParameters<list>,
  ): Promise<IndexerPage<IndexerLists[list]>>
  /** All rows of a list, page after page. */
  all<list extends ListName>(
    list: list,
    parameters?: Omit<IndexerListParameters<list>, 'cursor'>,
  ): AsyncGenerator<IndexerLists[list]>
  /** One row of a list whose rows have an id. */
  get<list extends ListName>(
    list: list,
    id: string | number | bigint,
  ): Promise<IndexerLists[list]>
}

export type CreateIndexerClientErrorType = LynodeError

const status = z.object({
  chainId: z.int(),
  block: z.int(),
  time: z.int(),
  finalisedBlock: z.int(),
})
const row = z.record(z.string(), z.unknown())
const page = z.object({
  items: z.array(row),
  cursor: z.string().nullable(),
  status,
})
const failure = z.object({ code: z.string(), message: z.string() })

/**
 * Makes a client of an indexer's REST contract. Amounts are bigints.
 *
 * @throws LynodeError by each call: `LY-IDX-002` for what the indexer refuses,
 * `LY-IDX-003` for what it does not know, `LY-IDX-004` when it does not answer.
 * @example
 * const indexer = createIndexerClient({ url: 'http://127.0.0.1:42069' })
 * for await (const job of indexer.all('jobs', { where: { requester: account.address } }))
 *   console.log(job.jobId, job.status, job.price)
 */
export function createIndexerClient(
  parameters: CreateIndexerClientParameters,
): IndexerClient {
  const { url, timeoutMs = 10_000 } = parameters
  const fetch = parameters.fetch ?? globalThis.fetch

  async function ask<schema extends z.ZodType>(
    path: string,
    schema: schema,
  ): Promise<z.infer<schema>> {
    const address = new URL(`/v1/${path}`, url)
    let response: Response
    let body: unknown
    try {
      response = await fetch(address, {
        signal: AbortSignal.timeout(timeoutMs),
      })
      body = await response.json()
    } catch (cause) {
      throw new LynodeError('LY-IDX-004', { details: `${address}`, cause })
    }
    if (response.ok) {
      const result = schema.safeParse(body)
      if (result.success) return result.data
      throw new LynodeError('LY-IDX-004', {
        details: `${address} is no indexer's answer`,
        cause: result.error,
      })
    }
    const said = failure.safeParse(body)
    const details = said.success ? said.data.message : `${response.status}`
    if (said.success && said.data.code === 'LY-IDX-002')
      throw new LynodeError('LY-IDX-002', { details })
    throw new LynodeError(
      response.status === 404 ? 'LY-IDX-003' : 'LY-IDX-004',
      { details: `${address}: ${details}` },
    )
  }

  async function list<name extends ListName>(
    name: name,
    { where, cursor, limit }: IndexerListParameters<name> = {},
  ): Promise<IndexerPage<IndexerLists[name]>> {
    const query = new URLSearchParams()
    for (const [key, value] of Object.entries({ ...where, cursor, limit }))
      if (value !== undefined) query.set(key, String(value))
    const found = await ask(`${name}?${query}`, page)
    return {
      ...found,
      items: found.items.map((one) => parsed(indexerRowTypes[name], one)),
    }
  }

  return {
    status: () => ask('status', status),
    protocol: async () => parsed('Protocol', await ask('protocol', row)),
    list,
    async *all(name, parameters) {
      let cursor: string | null | undefined
      do {
        const found = await list(name, {
          limit: 200,
          ...parameters,
          ...(cursor == null ? {} : { cursor }),
        })
        yield* found.items
        cursor = found.cursor
      } while (cursor !== null)
    },
    async get(name, id) {
      const path = `${name}/${encodeURIComponent(String(id))}`
      return parsed(indexerRowTypes[name], await ask(path, row))
    },
  }
}

/** Turns the amounts of a row into bigints. */
function parsed<row>(
  type: keyof typeof indexerAmounts,
  one: Record<string, unknown>,
): row {
  const amounts = Object.fromEntries(
    indexerAmounts[type].map((name) => {
      const value = one[name]
      return [name, typeof value === 'string' ? BigInt(value) : value]
    }),
  )
  return { ...one, ...amounts } as row
}
