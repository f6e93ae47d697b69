import type { Hex } from '@lynode/sdk'
import { type BlobReader, unknownBlob } from './blobStore.js'

/** Reads from the first of several stores that has the blob. */
export class LayeredBlobs implements BlobReader {
  readonly #layers: () => readonly BlobReader[]

  constructor(layers: () => readonly BlobReader[]) {
    this.#layers = layers
  }

  has(root: Hex): boolean {
    return this.#layers().some((layer) => layer.has(root))
  }

  read(root: Hex, range?: { start: number; end: number }) {
    return this.#layerOf(root).read(root, range)
  }

  stream(root: Hex, range?: { start: number; end: number }) {
    return this.#layerOf(root).stream(root, range)
  }

  // A promise also where no store has it.
  async sizeOf(root: Hex) {
    return this.#layerOf(root).sizeOf(root)
  }

  pathOf(root: Hex) {
    return this.#layerOf(root).pathOf(root)
  }

  proof(root: Hex, first: number, count: number) {
    return this.#layerOf(root).proof(root, first, count)
  }

  #layerOf(root: Hex): BlobReader {
    const layer = this.#layers().find((candidate) => candidate.has(root))
    if (layer === undefined) throw unknownBlob(root)
    return layer
  }
}
