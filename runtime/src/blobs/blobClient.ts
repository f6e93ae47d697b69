import {
  chunkBytes,
  chunkCount,
  chunkHashes,
  firstSource,
  type Hex,
  verifyMultiproof,
} from '@lynode/sdk'
import { nodeSha256 } from '../hash/nodeSha256.js'
import type { BlobReader, BlobStore } from './blobStore.js'
import { documentRoot } from './documentRoot.js'
import { type DocumentStore, maxDocumentBytes } from './documentStore.js'

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
    if (reader.has(root)) return
    await this.#first(`blob ${root}`, more, async (source) => {
      const response = await this.#get(`${source}/v1/blobs/${root}`)
      if (response.body === null) throw new Error('an empty answer')
      const stored = await blobs.putStream(response.body, {
        maxBytes: typeof bytes === 'number' ? bytes : bytes.atMost,
        expected: root,
      })
      if (typeof bytes === 'number' && stored.bytes !== bytes)
        throw new Error(`${stored.bytes} bytes instead of ${bytes}`)
    })
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
    const start = first * chunkBytes
    const end = Math.min(bytes, (first + count) * chunkBytes)
    return this.#first(`chunks of ${root}`, more, async (source) => {
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
    })
  }

  #first<T>(
    what: string,
    more: readonly string[],
    attempt: (source: string) => Promise<T>,
  ): Promise<T> {
    return firstSource(what, [...more, ...this.#options.sources()], attempt)
  }

  async #get(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await fetch(url, {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(this.#options.timeoutMs ?? 20_000),
    })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return response
  }
}

async function readBytes(response: Response, limit: number) {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.length
    if (bytes > limit) throw new Error(`more than ${limit} bytes`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function readText(response: Response, limit: number): Promise<string> {
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
