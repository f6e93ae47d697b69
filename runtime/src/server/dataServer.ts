import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { isRoot, LynodeError } from '@lynode/sdk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { BlobReader, BlobStore } from '../blobs/blobStore.js'
import { type DocumentStore, maxDocumentBytes } from '../blobs/documentStore.js'
import { errorText } from '../errors/errorText.js'
import { type HttpServer, listen } from './listen.js'
import { rateLimit } from './rateLimit.js'

export type DataServerOptions = {
  /** Where uploads go. */
  blobs: BlobStore
  /** What is served; the uploads and anything else, such as traces. */
  reader: BlobReader
  documents: DocumentStore
  /** Largest upload in bytes. Default 256 MiB. */
  maxBlobBytes?: number | undefined
  /** What one peer may ask for; without it everything. */
  limits?: PeerLimits | undefined
  /** Whether there is room for an upload; throws where there is none. */
  admit?: ((bytes: number) => Promise<void>) | undefined
  /** Loopback unless the owner says otherwise. */
  host?: string | undefined
  /** 0 takes any free port. */
  port?: number | undefined
  /** Further calls, such as a relay's. */
  routes?: Hono | undefined
  /** Body of `GET /health`; throws when the daemon is not healthy. */
  health?: (() => Record<string, unknown>) | undefined
}

/** Of one address, in the long run; ten seconds of it at once. */
export type PeerLimits = {
  requestsPerSecond: number
  bytesPerSecond: number
  /** Connections that it may have open. */
  connections: number
}

/**
 * Serves blobs, chunk proofs and documents by root (docs/protocol.md section 7).
 * Errors are JSON: `{code, message, remedy}`.
 */
export function startDataServer(
  options: DataServerOptions,
): Promise<HttpServer> {
  const { host = '127.0.0.1', port = 0 } = options
  const app = dataApp(options)
  return listen(
    async (request, env) => {
      const answer = await app.fetch(request, env)
      // Hono puts common headers on a copy, which no longer tells that nothing is left to send.
      return (env as HttpBindings).outgoing.headersSent
        ? RESPONSE_ALREADY_SENT
        : answer
    },
    host,
    port,
    options.limits?.connections,
  )
}

/** Seconds of a peer's rate that it may use at once. */
const burstSeconds = 10

/**
 * A byte of a document that is uploaded takes as long as so many of a blob: it is
 * parsed and hashed in small pieces, while the daemon does nothing else.
 */
const documentWeight = 256

/** Milliseconds after which a peer that takes nothing of an answer is given up. */
const stalledMs = 60_000

/** Answers from here on are streamed from the file. */
const streamedBytes = 64 * 1024

function dataApp(options: DataServerOptions) {
  const { blobs, reader, documents, limits, admit } = options
  const maxBytes = options.maxBlobBytes ?? 256 * 2 ** 20
  const app = new Hono<{ Bindings: HttpBindings }>()
  const bucket = (perSecond: number | undefined) =>
    perSecond === undefined
      ? () => true
      : rateLimit({ burst: perSecond * burstSeconds, perSecond })
  const mayAsk = bucket(limits?.requestsPerSecond)
  const mayMove = bucket(limits?.bytesPerSecond)
  const mayWrite = bucket(
    limits && Math.ceil(limits.bytesPerSecond / documentWeight),
  )
  const charge = (
    context: Context,
    bytes: number,
    may: typeof mayMove = mayMove,
  ): void => {
    if (!may(peerOf(context), bytes)) throw new LynodeError('LY-BLOB-007')
  }

  // Everything here is public and checked by its reader, so pages may read it too.
  app.use(cors())
  app.use('/v1/*', async (context, next) => {
    if (!mayAsk(peerOf(context))) throw new LynodeError('LY-BLOB-007')
    await next()
  })

  app.get('/health', (context) => context.json(options.health?.() ?? {}))

  app.put('/v1/blobs', async (context) => {
    const declared = Number(context.req.header('content-length') ?? 0)
    const body = context.req.raw.body
    if (declared > maxBytes || body === null)
      throw new LynodeError('LY-BLOB-002', {
        shortMessage: `a blob has 1 to ${maxBytes} bytes`,
      })
    // One that does not say how long it is may be the longest.
    const bytes = declared || maxBytes
    charge(context, bytes)
    await admit?.(bytes)
    return context.json(await blobs.putStream(body, { maxBytes }), 201)
  })

  app.get('/v1/blobs/:root', async (context) => {
    const root = readRoot(context.req.param('root'))
    const size = await reader.sizeOf(root)
    const headers = {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      // Content under a root never changes.
      'cache-control': 'public, max-age=31536000, immutable',
    }
    const header = context.req.header('range')
    const range =
      header === undefined ? { start: 0, end: size } : readRange(header, size)
    if (range === undefined)
      return context.json(
        {
          code: 'LY-BLOB-004',
          message: `the blob has ${size} bytes`,
          remedy: 'Ask for one range of bytes inside the blob.',
        },
        416,
        { 'content-range': `bytes */${size}` },
      )
    const length = range.end - range.start
    charge(context, length)
    const status = header === undefined ? 200 : 206
    const all = {
      ...headers,
      ...(header !== undefined && {
        'content-range': `bytes ${range.start}-${range.end - 1}/${size}`,
      }),
    }
    if (length <= streamedBytes)
      return context.body(toBody(await reader.read(root, range)), status, all)
    return streamed(context, status, all, length, reader.stream(root, range))
  })

  app.get('/v1/blobs/:root/proof', async (context) => {
    const root = readRoot(context.req.param('root'))
    const first = readCount(context.req.query('first'), 'first', 0)
    const count = readCount(context.req.query('count'), 'count', 1)
    return context.json(await reader.proof(root, first, count))
  })

  app.put(
    '/v1/bundles',
    bodyLimit({
      maxSize: maxDocumentBytes,
      onError: () => {
        throw new LynodeError('LY-BLOB-002', {
          shortMessage: `a document has at most ${maxDocumentBytes} bytes`,
        })
      },
    }),
    async (context) => {
      const text = await context.req.text()
      charge(context, text.length, mayWrite)
      await admit?.(text.length)
      return context.json({ root: await documents.put(jsonOf(text)) }, 201)
    },
  )

  app.get('/v1/bundles/:root', async (context) => {
    const root = readRoot(context.req.param('root'))
    const bytes = await documents.sizeOf(root)
    charge(context, bytes)
    // As it was written, which is as it was checked.
    const headers = { 'content-type': 'application/json' }
    return streamed(context, 200, headers, bytes, documents.stream(root))
  })

  if (options.routes !== undefined) app.route('/', options.routes)
  app.notFound((context) =>
    context.json(
      {
        code: 'LY-HTTP-404',
        message: `no ${context.req.method} ${context.req.path}`,
        remedy: 'See docs/protocol.md section 7 for the calls.',
      },
      404,
    ),
  )
  app.onError((error, context) => {
    const { code, remedy } =
      error instanceof LynodeError ? error : new LynodeError('LY-HTTP-500')
    if (code === 'LY-BLOB-007') context.header('retry-after', '1')
    return context.json(
      { code, message: errorText(error), remedy },
      statusOf[code] ?? 500,
    )
  })
  return app
}

const statusOf: Record<string, 400 | 402 | 404 | 413 | 416 | 422 | 429 | 507> =
  {
    'LY-BLOB-001': 404,
    'LY-BLOB-002': 413,
    'LY-BLOB-004': 416,
    'LY-BLOB-007': 429,
    'LY-BLOB-008': 507,
    'LY-DOC-001': 400,
    'LY-DOC-002': 404,
    'LY-HTTP-400': 400,
    'LY-RLY-001': 400,
    'LY-RLY-002': 422,
    'LY-RLY-003': 402,
    'LY-RLY-004': 429,
    'LY-RLY-006': 404,
    'LY-QUO-001': 404,
    'LY-QUO-002': 422,
  }

/** Sends a file straight to the socket. A peer that hangs up, or takes nothing, ends it. */
async function streamed(
  context: Context<{ Bindings: HttpBindings }>,
  status: number,
  headers: Record<string, string>,
  length: number,
  file: Readable,
): Promise<Response> {
  const { outgoing } = context.env
  outgoing.setTimeout(stalledMs, () => outgoing.destroy())
  outgoing.writeHead(status, {
    // What every answer has: pages may read this one too.
    ...Object.fromEntries(context.res.headers),
    ...headers,
    'content-length': length,
  })
  await pipeline(file, outgoing).catch(() => outgoing.destroy())
  return RESPONSE_ALREADY_SENT
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not JSON: no document, which is refused
  }
}

function peerOf(context: Context): string {
  return getConnInfo(context).remote.address ?? ''
}

function readRoot(text: string) {
  const root = text.toLowerCase()
  if (isRoot(root)) return root
  throw new LynodeError('LY-HTTP-400', {
    shortMessage: 'a root is 32 bytes of 0x-hex',
  })
}

function readCount(text: string | undefined, name: string, least: number) {
  const value = Number(text)
  if (text !== undefined && Number.isSafeInteger(value) && value >= least)
    return value
  throw new LynodeError('LY-HTTP-400', {
    shortMessage: `${name} must be a whole number from ${least}`,
  })
}

/** One range as RFC 9110 section 14.1.2 has it; `undefined` cannot be served. */
function readRange(header: string, size: number) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (match === null) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end =
    first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  return start < end ? { start, end } : undefined
}

function toBody(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}
