type Schema = {
  type?: string | string[]
  pattern?: string
  example?: unknown
}

type OpenApi = {
  paths?: Record<string, { get?: Operation } | undefined>
  components?: { schemas?: Record<string, unknown> }
}

type Operation = {
  parameters?: { name: string; in: string }[]
  responses: Record<string, unknown>
}

/** TypeScript of the rows in an OpenAPI document, as the sdk's client has them. */
export function typesOf(document: unknown): string {
  const { paths = {}, components = {} } = document as OpenApi
  const schemas = components.schemas as Record<
    string,
    { properties: Record<string, Schema & { items?: { $ref: string } }> }
  >
  const lists = Object.entries(paths).flatMap(([path, item]) => {
    const ref = /"(#\/components\/schemas\/\w+Page)"/.exec(JSON.stringify(item))
    const page = schemas[nameIn(ref?.[1])]
    const row = nameIn(page?.properties['items']?.items?.$ref)
    if (row === '') return []
    const filters = (item?.get?.parameters ?? [])
      .map(({ name }) => name)
      .filter((name) => name !== 'limit' && name !== 'cursor')
    return [{ name: path.slice(1), row, filters }]
  })
  const rows = [...new Set(lists.map(({ row }) => row)), 'Protocol']
  const fieldsOf = (row: string) =>
    Object.entries(schemas[row]?.properties ?? {})
  const amounts = rows.map(
    (row) =>
      `  ${row}: ${JSON.stringify(
        fieldsOf(row)
          .filter(([, schema]) => isAmount(schema))
          .map(([name]) => name),
      )},`,
  )
  return [
    '// Generated from the OpenAPI document of the indexer: `npx vitest run --project indexer -u`.',
    "import type { Hex } from 'viem'",
    ...rows.map(
      (row) =>
        `\nexport type Indexer${row} = {\n${fieldsOf(row)
          .map(([name, schema]) => `  ${name}: ${typeOf(schema)}`)
          .join('\n')}\n}`,
    ),
    '\n/** Rows of each list. */\nexport type IndexerLists = {',
    ...lists.map(({ name, row }) => `  ${quoted(name)}: Indexer${row}`),
    '}\n\n/** Filters of each list, by equality. */\nexport type IndexerFilters = {',
    ...lists.map(
      ({ name, filters }) =>
        `  ${quoted(name)}: ${filters.map((one) => JSON.stringify(one)).join(' | ') || 'never'}`,
    ),
    '}\n\n/** Fields that travel as text and are bigints here, by the type of row. */\nexport const indexerAmounts = {',
    ...amounts,
    '} as const\n\n/** The type of row of each list. */\nexport const indexerRowTypes = {',
    ...lists.map(({ name, row }) => `  ${quoted(name)}: '${row}',`),
    '} as const\n',
  ].join('\n')
}

function nameIn(ref: string | undefined): string {
  return ref?.split('/').at(-1) ?? ''
}

function isAmount({ pattern }: Schema): boolean {
  return pattern?.endsWith('\\d+$') ?? false
}

function typeOf(schema: Schema): string {
  const types = [schema.type ?? []].flat()
  const nullable = types.includes('null') ? ' | null' : ''
  if (isAmount(schema)) return `bigint${nullable}`
  if (schema.pattern?.startsWith('^0x')) return `Hex${nullable}`
  if (types.includes('integer')) return `number${nullable}`
  if (types.includes('boolean')) return `boolean${nullable}`
  return types.includes('string') ? `string${nullable}` : 'unknown'
}

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `'${name}'`
}
