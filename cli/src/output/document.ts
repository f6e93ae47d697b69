import { z } from 'zod'

/** What one command prints with `--json`. */
export type Document<shape extends z.ZodType = z.ZodType> = {
  /** Full name of the command: `jobs show`. */
  command: string
  /** Field `schema` of the document: `lynode.jobs-show/1`. */
  id: string
  shape: shape
}

const declared = new Map<string, Document>()

/**
 * Declares the JSON document of a command.
 *
 * @param version - Fields may be added within a version; renaming, removing or
 * retyping one takes the next.
 */
export function document<shape extends z.ZodType>(
  command: string,
  version: number,
  shape: shape,
): Document<shape> {
  const id = `lynode.${command.replaceAll(' ', '-')}/${version}`
  if (declared.has(command))
    throw new Error(`the document of "${command}" is declared twice`)
  const made = { command, id, shape }
  declared.set(command, made)
  return made
}

/** All documents, of commands and of what any command may print. */
export function documents(): Document[] {
  return [...declared.values()]
}

/**
 * A result as its JSON document: only what the schema names, big numbers as
 * decimal text.
 *
 * @returns Also whether the result misses its schema. It is given out all the
 * same then: what a command has done is done, and its caller must know of it.
 */
export function encodeDocument<shape extends z.ZodType>(
  { id, shape }: Document<shape>,
  result: z.output<shape>,
): { document: Record<string, unknown>; mismatch: string | undefined } {
  const encoded = z.safeEncode(shape, result)
  return {
    document: {
      schema: id,
      ...((encoded.success ? encoded.data : result) as object),
    },
    mismatch: encoded.success ? undefined : z.prettifyError(encoded.error),
  }
}

/** The schema of a document, for programs of any language. */
export function jsonSchemaOf({
  id,
  shape,
}: Document): Record<string, unknown> & { title: string } {
  const { $schema, ...content } = z.toJSONSchema(shape, {
    io: 'input',
    unrepresentable: 'any',
  })
  const schema = { const: id }
  return {
    $schema,
    title: id,
    ...(content['type'] === 'object'
      ? {
          ...content,
          properties: {
            schema,
            ...(content['properties'] as Record<string, unknown>),
          },
          required: ['schema', ...((content['required'] as string[]) ?? [])],
        }
      : {
          type: 'object',
          properties: { schema },
          required: ['schema'],
          ...content,
        }),
  }
}

/**
 * Reads what a command printed with `--json`: the values that its schema
 * names, big numbers as `bigint`.
 *
 * @throws ZodError when it misses its schema.
 */
export function parseDocument(json: unknown): unknown {
  const { schema } = z.object({ schema: z.string() }).parse(json)
  const known = documents().find(({ id }) => id === schema)
  if (known === undefined) throw new Error(`no command prints "${schema}"`)
  return z.decode(known.shape, json as never)
}
