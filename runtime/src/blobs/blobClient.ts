import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  chunkBytes,
  chunkCount,
  chunkHashes,
  firstSource,
  type Hex,
  LynodeError,
  verifyMultiproof,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import type { BlobReader, BlobStore } from './blobStore.js'
import { documentRoot } from './documentRoot.js'
import { type DocumentStore, maxDocumentBytes } from './documentStore.js'
import { downloadBlob, partBytes } from './downloadBlob.js'
import { httpGet } from './httpGet.js'

export type BlobClientOptions = {
  /** Where fetched blobs are kept. */
  blobs: BlobStore
  /** Where blobs are looked for before the network. Default `blobs`. */
  reader?: BlobReader | undefined
  documents: DocumentStore
  /** Base URLs to ask, in this order. */
  sources: () => readonly string[]
  /** Time for one call to one source. Default 20 s. */
  timeoutMs?: number | undefined
}

/** Parts from which on a blob is fetched in parts. */
const severalParts = 4

/** Chunks of a blob that the proof ties to its root. */
export type ProvenChunks = {
  first: number
  count: number
  data: Uint8Array
  proof: Hex[]
}

/**
 * Gets blobs and documents by root from several data servers. Sources are not
 * trusted: what does not hash to the root is dropped and the next one is asked.
 */
export class BlobClient {
  readonly #options: BlobClientOptions

  readonly #downloads = new Map<Hex, ReturnType<typeof downloadBlob>>()

  constructor(options: BlobClientOptions) {
    this.#options = options
  }

  /**
   * Makes sure that a blob is in the store.
   *
   * @param bytes - Its size, or the most that is fetched where only the root is known.
   * @param more - Sources to ask before the usual ones.
   * @throws LynodeError `LY-BLOB-005` when no source has it.
   */
  async fetchBlob(
    root: Hex,
    bytes: number | { atMost: number },
    more: readonly string[] = [],
  ): Promise<void> {
    const { blobs, reader = blobs } = this.#options
    if (reader.has(root)) return blobs.touch(root)
    if (typeof bytes === 'number' && bytes > severalParts * partBytes)
      return this.#download(root, bytes, more)
    await this.#first(`blob ${root}`, more, async (source) => {
      const response = await this.#get(`${source}/v1/blobs/${root}`)
      const stored = await blobs.putStream(response, {
        maxBytes: typeof bytes === 'number' ? bytes : bytes.atMost,
        expected: root,
      })
      if (typeof bytes === 'number' && stored.bytes !== bytes)
        throw new Error(`${stored.bytes} bytes instead of ${bytes}`)
    })
  }

  /** One download a blob, however many ask for it. */
  async #download(
    root: Hex,
    bytes: number,
    more: readonly string[],
  ): Promise<void> {
    const running =
      this.#downloads.get(root) ??
      downloadBlob({
        root,
        bytes,
        blobs: this.#options.blobs,
        sources: this.#sourcesOf(more),
        fetchPart: (source, first, count) =>
          this.#chunksFrom(source, root, bytes, first, count),
      }).finally(() => this.#downloads.delete(root))
    this.#downloads.set(root, running)
    const { failures } = await running
    if (failures !== undefined) throw nobodyHas(`blob ${root}`, failures)
  }

  /** A document, checked against its root; kept in the store. */
  async fetchDocument(
    root: Hex,
    more: readonly string[] = [],
  ): Promise<unknown> {
    const { documents } = this.#options
    if (documents.has(root)) return documents.get(root)
    return this.#first(`document ${root}`, more, async (source) => {
      const response = await this.#get(`${source}/v1/bundles/${root}`)
      const text = await readText(response, maxDocumentBytes)
      const document: unknown = JSON.parse(text)
      const actual = documentRoot(document)
      if (actual !== root) throw new Error(`a document of root ${actual}`)
      await documents.put(document)
      return document
    })
  }

  /** A range of chunks with its proof, checked; nothing is kept. */
  async fetchChunks(
    root: Hex,
    bytes: number,
    first: number,
    count: number,
    more: readonly string[] = [],
  ): Promise<ProvenChunks> {
    return this.#first(`chunks of ${root}`, more, (source) =>
      this.#chunksFrom(source, root, bytes, first, count),
    )
  }

  async #chunksFrom(
    source: string,
    root: Hex,
    bytes: number,
    first: number,
    count: number,
  ): Promise<ProvenChunks> {
    const start = first * chunkBytes
    const end = Math.min(bytes, (first + count) * chunkBytes)
    const [octets, answer] = await Promise.all([
      this.#get(`${source}/v1/blobs/${root}`, {
        range: `bytes=${start}-${end - 1}`,
      }).then((response) => readBytes(response, end - start)),
      this.#get(
        `${source}/v1/blobs/${root}/proof?first=${first}&count=${count}`,
      ).then((response) => readText(response, 2 ** 20)),
    ])
    const proof = readProof(answer)
    const indices = Array.from({ length: count }, (_, i) => first + i)
    if (
      octets.length !== end - start ||
      !verifyMultiproof(
        root,
        chunkCount(bytes),
        indices,
        chunkHashes(octets, nodeSha256),
        proof,
        nodeSha256,
      )
    )
      throw new Error('chunks that do not belong to the root')
    return { first, count, data: octets, proof }
  }

  /** Base URLs to ask, each once. */
  #sourcesOf(more: readonly string[]): string[] {
    const sources = [...more, ...this.#options.sources()]
      .filter((source) => source !== '')
      .map((source) => source.replace(/\/+$/, ''))
    return [...new Set(sources)]
  }

  #first<T>(
    what: string,
    more: readonly string[],
    attempt: (source: string) => Promise<T>,
  ): Promise<T> {
    return firstSource(what, this.#sourcesOf(more), attempt)
  }

  async #get(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const timeoutMs = this.#options.timeoutMs ?? 20_000
    const until = performance.now() + timeoutMs
    for (;;) {
      const response = await httpGet(url, headers, timeoutMs)
      const status = response.statusCode ?? 0
      if (status >= 200 && status < 300) return response
      response.destroy()
      const waitMs = Number(response.headers['retry-after'] ?? 1) * 1_000
      // We asked too fast; anything else is its answer.
      if (status !== 429 || !(performance.now() + waitMs < until))
        throw new Error(`HTTP status ${status}`)
      await sleep(waitMs)
    }
  }
}

function nobodyHas(what: string, failures: readonly string[]): LynodeError {
  return new LynodeError('LY-BLOB-005', {
    shortMessage: `no source has ${what} (${failures.join('; ') || 'no source is known'})`,
  })
}

/** Uploads a blob that is a file, without holding it in memory. */
export async function uploadBlobFile(
  source: string,
  path: string,
  root: Hex,
): Promise<void> {
  const { size } = await stat(path)
  const response = await fetch(`${source}/v1/blobs`, {
    method: 'PUT',
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    headers: { 'content-length': String(size) },
    duplex: 'half',
  } as RequestInit)
  const text = await response.text()
  if (response.status !== 201 || !text.includes(root))
    throw new LynodeError('LY-BLOB-006', {
      shortMessage: `${source} did not take the blob: ${text}`,
    })
}

async function readBytes(
  response: IncomingMessage,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(response.headers['content-length'])
  let octets = new Uint8Array(Math.min(limit, declared || 64 * 1024))
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    if (bytes + part.length > limit) throw new Error(`more than ${limit} bytes`)
    if (bytes + part.length > octets.length) {
      const grown = new Uint8Array(Math.min(limit, 2 * (bytes + part.length)))
      grown.set(octets.subarray(0, bytes))
      octets = grown
    }
    octets.set(part, bytes)
    bytes += part.length
  }
  return octets.subarray(0, bytes)
}

async function readText(
  response: IncomingMessage,
  limit: number,
): Promise<string> {
  return new TextDecoder().decode(await readBytes(response, limit))
}

function readProof(text: string): Hex[] {
  const answer: unknown = JSON.parse(text)
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'proof' in answer &&
    Array.isArray(answer.proof)
  )
    return answer.proof as Hex[] // verifyMultiproof refuses what is no root
  throw new Error('no proof in the answer')
}
