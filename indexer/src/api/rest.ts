import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { LynodeError } from '@lynode/sdk'
import {
  and,
  type Column,
  desc,
  eq,
  getTableColumns,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import {
  columnsOf,
  filterOf,
  keyOf,
  kindOf,
  schemaOf,
  serialise,
} from './columns.js'
import { decodeCursor, encodeCursor, type PlaceKind } from './cursor.js'
import { type Resource, resources } from './resources.js'
import { tables } from './tables.js'

/** How far the indexer is on its chain. */
export type Progress = {
  chainId: number
  /** Last block that is in the tables, and its time. */
  block: number
  time: number
  /** Rows of later blocks may still be undone. */
  finalisedBlock: number
}

/** What the REST contract reads. */
export type Reader = {
  rows(query: {
    table: PgTable
    where: SQL | undefined
    order: SQL[]
    limit: number
  }): Promise<Record<string, unknown>[]>
  progress(): Promise<Progress>
}

const maxLimit = 200

const failure = z
  .object({
    code: z.string().openapi({ example: 'LY-IDX-002' }),
    message: z.string(),
    remedy: z.string(),
  })
  .openapi('Error')

const status = z
  .object({
    chainId: z.int(),
    block: z.int(),
    time: z.int(),
    finalisedBlock: z.int(),
  })
  .openapi('Status')

const failures = {
  400: {
    description: 'The request is malformed.',
    content: { 'application/json': { schema: failure } },
  },
}

const unchanged = {
  304: { description: 'As the `If-None-Match` of the request has it.' },
}

/**
 * The versioned REST contract. Its OpenAPI document is made of the schemas that
 * check the requests, at `/openapi.json`.
 */
export function restApi(reader: Reader): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      throw new LynodeError('LY-IDX-002', {
        details: result.error.issues
          .map(({ path, message }) => `${path.join('.')}: ${message}`)
          .join('; '),
        cause: result.error,
      })
    },
  })
  app.use(cors({ origin: '*', exposeHeaders: ['ETag'], maxAge: 86_400 }))
  app.use(etag())
  app.onError((error, context) => {
    const known = error instanceof LynodeError
    const said = known ? error : new LynodeError('LY-HTTP-500')
    return context.json(
      {
        code: said.code,
        message: known ? said.message : said.shortMessage,
        remedy: said.remedy,
      },
      statusOf(said.code),
    )
  })
  app.openapi(
    createRoute({
      method: 'get',
      path: '/status',
      summary: 'How far the indexer is',
      responses: {
        200: {
          description: 'The last block in the tables.',
          content: { 'application/json': { schema: status } },
        },
        ...unchanged,
      },
    }),
    async (context) => context.json(await reader.progress(), 200),
  )
  addProtocol(app, reader)
  for (const [name, resource] of Object.entries(resources) as [
    string,
    Resource,
  ][]) {
    addList(app, reader, name, resource)
    if (resource.id !== undefined) addItem(app, reader, name, resource)
  }
  app.doc31('/openapi.json', document)
  app.all('*', (context) => {
    throw new LynodeError('LY-IDX-003', {
      details: `${context.req.method} ${context.req.path}`,
    })
  })
  return app
}

/** What the OpenAPI document says besides its paths. */
export const document = {
  openapi: '3.1.0',
  info: {
    title: 'Lynode indexer',
    version: '1',
    description:
      'State and history of the protocol. Amounts are text in wei, times unix seconds. Lists are newest first; `cursor` of a page gives the next one. A row is provisional while its last change may still be undone by the chain.',
    license: { name: 'MIT' },
  },
  servers: [{ url: '/v1' }],
}

function addProtocol(app: OpenAPIHono, reader: Reader): void {
  const columns = columnsOf(tables.protocol)
  app.openapi(
    createRoute({
      method: 'get',
      path: '/protocol',
      summary: 'What holds for the protocol as a whole',
      responses: {
        200: {
          description: 'One row.',
          content: {
            'application/json': { schema: rowSchema('protocol', columns) },
          },
        },
        ...unchanged,
        404: { ...failures[400], description: 'Nothing is indexed yet.' },
      },
    }),
    async (context) => {
      const [progress, [row]] = await Promise.all([
        reader.progress(),
        reader.rows({
          table: tables.protocol,
          where: undefined,
          order: [],
          limit: 1,
        }),
      ])
      if (row === undefined)
        throw new LynodeError('LY-IDX-003', { details: 'protocol' })
      return context.json(told(columns, row, progress), 200)
    },
  )
}

function addList(
  app: OpenAPIHono,
  reader: Reader,
  name: string,
  resource: Resource,
): void {
  const table: PgTable = tables[resource.table]
  const all = getTableColumns(table) as Record<string, Column>
  const columns = columnsOf(table)
  const filters = Object.entries(resource.filters ?? {}).map(
    ([filter, column]) => [filter, columnNamed(all, column)] as const,
  )
  const ordering = orderOf(table, resource)
  const kinds = ordering.map(placeKind)
  const query = z.object({
    limit: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .pipe(z.number().min(1).max(maxLimit))
      .optional()
      .openapi({ type: 'integer', minimum: 1, maximum: maxLimit, default: 50 }),
    cursor: z.string().max(1_024).optional(),
    ...Object.fromEntries(
      filters.map(([filter, column]) => [filter, filterOf(column).optional()]),
    ),
  })
  const page = z
    .object({
      items: z.array(rowSchema(resource.table, columns)),
      cursor: z.string().nullable(),
      status,
    })
    .openapi(`${typeName(name)}Page`)
  app.openapi(
    createRoute({
      method: 'get',
      path: `/${name}`,
      summary: resource.title,
      request: { query: query.strict() },
      responses: {
        200: {
          description: 'A page, the newest first.',
          content: { 'application/json': { schema: page } },
        },
        ...unchanged,
        ...failures,
      },
    }),
    async (context) => {
      const {
        limit = 50,
        cursor,
        ...asked
      } = context.req.valid('query') as {
        limit?: number
        cursor?: string
      } & Record<string, unknown>
      const place =
        cursor === undefined ? undefined : decodeCursor(name, cursor, kinds)
      const progress = await reader.progress()
      const rows = await reader.rows({
        table,
        where: and(
          ...Object.entries(resource.where ?? {}).map(([column, value]) =>
            eq(columnNamed(all, column), value),
          ),
          ...filters
            .filter(([filter]) => asked[filter] !== undefined)
            .map(([filter, column]) => eq(column, asked[filter])),
          place &&
            sql`(${sql.join(ordering, sql`, `)}) < (${sql.join(
              place.map((value, index) =>
                sql.param(value, ordering[index] as Column),
              ),
              sql`, `,
            )})`,
        ),
        order: ordering.map((column) => desc(column)),
        limit: limit + 1,
      })
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : undefined
      return context.json(
        {
          items: items.map((row) => told(columns, row, progress)),
          cursor:
            last === undefined
              ? null
              : encodeCursor(
                  name,
                  ordering.map(
                    (column) => last[nameOf(all, column)] as string | number,
                  ),
                ),
          status: progress,
        },
        200,
      )
    },
  )
}

function addItem(
  app: OpenAPIHono,
  reader: Reader,
  name: string,
  resource: Resource,
): void {
  const table: PgTable = tables[resource.table]
  const all = getTableColumns(table) as Record<string, Column>
  const columns = columnsOf(table)
  const id = columnNamed(all, resource.id ?? '')
  app.openapi(
    createRoute({
      method: 'get',
      path: `/${name}/{id}`,
      summary: `${resource.title}: one of them`,
      request: { params: z.object({ id: filterOf(id) }) },
      responses: {
        200: {
          description: 'The row.',
          content: {
            'application/json': { schema: rowSchema(resource.table, columns) },
          },
        },
        ...unchanged,
        ...failures,
        404: { ...failures[400], description: 'There is none.' },
      },
    }),
    async (context) => {
      const { id: asked } = context.req.valid('param') as { id: unknown }
      const progress = await reader.progress()
      const [row] = await reader.rows({
        table,
        where: and(
          // Every key begins with it.
          eq(columnNamed(all, 'chainId'), progress.chainId),
          eq(id, asked),
          ...Object.entries(resource.where ?? {}).map(([column, value]) =>
            eq(columnNamed(all, column), value),
          ),
        ),
        order: [],
        limit: 1,
      })
      if (row === undefined)
        throw new LynodeError('LY-IDX-003', {
          details: `${name}/${context.req.param('id')}`,
        })
      return context.json(told(columns, row, progress), 200)
    },
  )
}

/** The columns that order a list: the first ones as it says, then its key, so that no two rows are alike. */
function orderOf(table: PgTable, { by }: Resource): Column[] {
  const all = getTableColumns(table) as Record<string, Column>
  const first = columnNamed(all, by ?? 'position')
  return [first, ...keyOf(table).filter((column) => column !== first)]
}

const rowSchemas = new Map<string, z.ZodType>()

function rowSchema(table: string, columns: Record<string, Column>) {
  const known = rowSchemas.get(table)
  if (known !== undefined) return known
  const row = z
    .object({
      ...Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [
          name,
          schemaOf(column),
        ]),
      ),
      provisional: z.boolean(),
    })
    .openapi(typeName(table))
  rowSchemas.set(table, row)
  return row
}

function told(
  columns: Record<string, Column>,
  row: Record<string, unknown>,
  { finalisedBlock }: Progress,
): Record<string, unknown> {
  return {
    ...serialise(columns, row),
    provisional: Number(row['block']) > finalisedBlock,
  }
}

function columnNamed(columns: Record<string, Column>, name: string): Column {
  const column = columns[name]
  if (column === undefined) throw new Error(`no column ${name}`)
  return column
}

function nameOf(columns: Record<string, Column>, column: Column): string {
  return (
    Object.entries(columns).find(([, one]) => one === column)?.[0] ??
    column.name
  )
}

function placeKind(column: Column): PlaceKind {
  const kind = kindOf(column)
  if (kind === 'amount') return 'bigint'
  // As wide as the column: a number beyond it would be the database's error.
  if (column.columnType === 'PgInteger') return 'int4'
  return kind === 'integer' ? 'number' : 'text'
}

/** `offer-fills` is `OfferFills`, `offerFill` is `OfferFill`. */
function typeName(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function statusOf(code: string): 400 | 404 | 500 {
  if (code === 'LY-IDX-002') return 400
  return code === 'LY-IDX-003' ? 404 : 500
}
