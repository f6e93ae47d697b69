import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Hex, LynodeError } from '@lynode/sdk'
import { treePath } from './blobFiles.js'

export type DiskBudgetOptions = {
  /** Folders of blobs and documents. */
  folders: readonly string[]
  /** Bytes that they may hold together. */
  bytes: number
  /**
   * Roots that must stay: what an open job needs, and what a running dispute
   * window may ask for. A call that fails stops the eviction.
   */
  pinned: () => Promise<ReadonlySet<Hex>>
  /** Least age of what is dropped. Default 10 minutes. */
  minAgeMs?: number | undefined
}

type Kept = { path: string; bytes: number; mtimeMs: number }

/**
 * What a file counts at least: a file system has an inode for about so many
 * bytes, and a million empty files would take them all.
 */
const leastBytes = 16 * 1024

/** Evicted down to this share, so that not every upload evicts. */
const lowShare = 0.9

/**
 * Keeps what strangers upload within a budget: the files that were longest not
 * needed go first, and never one that somebody may still ask us for.
 */
export class DiskBudget {
  readonly #options: DiskBudgetOptions
  #used = 0
  #measured = false
  #turn: Promise<number> = Promise.resolve(0)

  constructor(options: DiskBudgetOptions) {
    this.#options = options
  }

  /** Bytes on the disk, as last seen and with what came since. */
  get usedBytes(): number {
    return this.#used
  }

  /**
   * Makes room for an upload.
   *
   * @throws LynodeError `LY-BLOB-008` when all that is there must stay.
   */
  async admit(size: number): Promise<void> {
    const { bytes: most } = this.#options
    const bytes = Math.max(size, leastBytes)
    if (!this.#measured || this.#used + bytes > most) await this.turn(bytes)
    if (this.#used + bytes > most) throw new LynodeError('LY-BLOB-008')
    this.#used += bytes
  }

  /**
   * Measures; over the budget, evicts.
   *
   * @param wanted - Bytes that are about to come.
   * @returns Files that went.
   */
  async turn(wanted = 0): Promise<number> {
    // One at a time: the next one may find that there is room.
    const turn = this.#turn
      .catch(() => undefined) // whoever asked for it knows
      .then(() => this.#evict(wanted))
    this.#turn = turn
    return turn
  }

  async #evict(wanted: number): Promise<number> {
    const { folders, bytes, pinned, minAgeMs = 600_000 } = this.#options
    const files = (await Promise.all(folders.map(filesOf))).flat()
    this.#used = files.reduce((total, file) => total + file.bytes, 0)
    this.#measured = true
    if (this.#used + wanted <= bytes) return 0
    const needed = await pinned()
    const goal = bytes * lowShare - wanted
    let gone = 0
    for (const { path } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (this.#used <= goal) break
      const root = rootOf(path)
      if (root !== undefined && needed.has(root)) continue
      // Anew: it may have been asked for since.
      const now = await stat(path).catch(() => undefined) // it went meanwhile
      if (now === undefined || Date.now() - now.mtimeMs < minAgeMs) continue
      await rm(path, { force: true })
      await rm(treePath(path), { force: true })
      this.#used -= Math.max(now.size, leastBytes)
      gone += 1
    }
    return gone
  }
}

async function filesOf(folder: string): Promise<Kept[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []) // nothing was stored yet
  const files: Kept[] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if (path.endsWith('.tree')) continue // goes with its blob
    const found = await stat(path).catch(() => undefined) // it went meanwhile
    if (found)
      files.push({
        path,
        bytes: Math.max(found.size, leastBytes),
        mtimeMs: found.mtimeMs,
      })
  }
  return files
}

/** The root that a file is named by: of a blob, a document, or neither. */
function rootOf(path: string): Hex | undefined {
  const name = basename(path).replace(/\.json$/, '')
  return /^[0-9a-f]{64}$/.test(name) ? `0x${name}` : undefined
}
