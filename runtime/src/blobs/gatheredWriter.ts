import type { FileHandle } from 'node:fs/promises'

/** Bytes that are written at once. */
const gatheredBytes = 2 ** 20

/** Writes what comes in small parts a megabyte at a time, and copies nothing. */
export class GatheredWriter {
  readonly #file: FileHandle
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  async write(part: Uint8Array): Promise<void> {
    this.#parts.push(part)
    this.#bytes += part.length
    if (this.#bytes >= gatheredBytes) await this.flush()
  }

  async flush(): Promise<void> {
    const [parts, bytes] = [this.#parts, this.#bytes]
    this.#parts = []
    this.#bytes = 0
    if (bytes === 0) return
    const { bytesWritten } = await this.#file.writev(parts)
    // A system may take less than it was given.
    if (bytesWritten < bytes)
      await this.#file.writeFile(Buffer.concat(parts).subarray(bytesWritten))
  }
}
