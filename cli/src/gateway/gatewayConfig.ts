import { readFileSync } from 'node:fs'
import { type Hex, LynodeError, parseAmount } from '@lynode/sdk'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { parseId } from '../options/parseId.js'

const amount = z.string().transform((text, context) => {
  try {
    return parseAmount(text)
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof LynodeError ? `${error.details}` : 'no amount',
    })
    return z.NEVER
  }
})

/** Names that stand in a path as they are. */
const name = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'is no model name')

const schema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8_000),
  /** What a request gets that says nothing itself. */
  wait: z.enum(['delivered', 'final']).default('delivered'),
  /** Most that one request pays. */
  'max-price': amount.prefault('15LYN'),
  /** Most that all requests of any hour cost. */
  'budget-per-hour': amount.prefault('500LYN'),
  /** Jobs that are bought at once. */
  concurrency: z.int().min(1).max(1_024).default(8),
  /** Requests that wait for a place; the next one is refused. */
  queue: z.int().min(0).max(100_000).default(256),
  /** Largest body of a request. */
  'max-bytes': z
    .int()
    .min(1_024)
    .max(2 ** 30)
    .default(64 * 2 ** 20),
  models: z
    .record(
      name,
      z.strictObject({
        id: z.string(),
        version: z
          .string()
          .regex(/^[0-9]{1,9}$/, 'is no version')
          .default('1'),
        'max-price': amount.optional(),
      }),
    )
    .default({}),
})

/** The gateway's configuration: the file's, with the command's options over it. */
export type GatewayConfig = Omit<z.output<typeof schema>, 'models'> & {
  models: { name: string; id: Hex; version: string; maxPrice: bigint }[]
}

/** What the command line may say instead of the file. */
export type GatewayOverrides = {
  host?: string | undefined
  port?: number | undefined
  wait?: string | undefined
  maxPrice?: string | undefined
  budget?: string | undefined
  concurrency?: number | undefined
  queue?: number | undefined
  /** `name=id` each. */
  models?: readonly string[] | undefined
}

/**
 * Reads `gateway.toml` and what the command line says instead.
 *
 * @throws LynodeError `LY-GTW-008` that names each setting that is wrong.
 */
export function readGatewayConfig(
  path: string | undefined,
  overrides: GatewayOverrides,
): GatewayConfig {
  const file = path === undefined ? {} : readToml(path)
  const models = { ...(file['models'] as object | undefined) } as Record<
    string,
    unknown
  >
  for (const text of overrides.models ?? []) {
    const [, key, id] = /^([^=]+)=(.+)$/.exec(text) ?? []
    if (key === undefined)
      throw new LynodeError('LY-GTW-008', {
        details: `--model is "${text}", not name=id`,
      })
    models[key] = { id }
  }
  const merged: Record<string, unknown> = { ...file, models }
  for (const [key, value] of [
    ['host', overrides.host],
    ['port', overrides.port],
    ['wait', overrides.wait],
    ['max-price', overrides.maxPrice],
    ['budget-per-hour', overrides.budget],
    ['concurrency', overrides.concurrency],
    ['queue', overrides.queue],
  ] as const)
    if (value !== undefined) merged[key] = value
  const read = schema.safeParse(merged)
  if (!read.success)
    throw new LynodeError('LY-GTW-008', {
      details: read.error.issues
        .map(({ path: at, message }) => `${at.join('.') || 'file'}: ${message}`)
        .join('; '),
      cause: read.error,
    })
  const entries = Object.entries(read.data.models)
  if (entries.length === 0)
    throw new LynodeError('LY-GTW-008', { details: 'it names no model' })
  return {
    ...read.data,
    models: entries.map(([key, model]) => ({
      name: key,
      id: parseId(model.id, 'model'),
      version: model.version,
      maxPrice: model['max-price'] ?? read.data['max-price'],
    })),
  }
}

function readToml(path: string): Record<string, unknown> {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new LynodeError('LY-GTW-008', {
      details: `${path}: ${cause instanceof Error ? cause.message : cause}`,
      cause,
    })
  }
}
