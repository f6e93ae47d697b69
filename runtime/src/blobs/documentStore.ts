import { createReadStream, existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Hex, LynodeError } from '@lynode/sdk'
import { writeDurably } from '../store/durableFiles.js'
import { documentRoot } from './documentRoot.js'

/** Largest document: 3,072 tensors of a trace take about 0.6 MB. */
export const maxDocumentBytes = 8 * 2 ** 20

/** Documents (docs/protocol.md section 7) by the root that they hash to. */
export class DocumentStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  has(root: Hex): boolean {
    return existsSync(this.#pathOf(root))
  }

  /** Stores a document. @throws LynodeError `LY-DOC-001` when it is malformed. */
  async put(document: unknown): Promise<Hex> {
    const root = documentRoot(document)
    const path = this.#pathOf(root)
    if (existsSync(path)) return root
    await writeDurably(path, JSON.stringify(document))
    return root
  }

  /** @throws LynodeError `LY-DOC-002` when it is not there. */
  async get(root: Hex): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.#pathOf(root), 'utf8'))
    } catch (cause) {
      throw unknownDocument(root, cause)
    }
  }

  /** Bytes of its text. @throws LynodeError `LY-DOC-002` when it is not there. */
  async sizeOf(root: Hex): Promise<number> {
    try {
      return (await stat(this.#pathOf(root))).size
    } catch (cause) {
      throw unknownDocument(root, cause)
    }
  }

  /** Its text, as it lies on the disk. */
  stream(root: Hex): Readable {
    return createReadStream(this.#pathOf(root))
  }

  #pathOf(root: Hex): string {
    return join(this.#folder, `${root.slice(2)}.json`)
  }
}

function unknownDocument(root: Hex, cause: unknown): LynodeError {
  return new LynodeError('LY-DOC-002', {
    shortMessage: `no document ${root}`,
    cause,
  })
}
