import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { writeDurably } from '../store/durableFiles.js'
import { insecureSrs } from './insecureSrs.js'

/** Chains that nobody has money on: anvil's and hardhat's, and ganache's. */
const localChains = new Set([31_337, 1_337])

export type SrsStoreOptions = {
  /** Default `lynode/srs` in the user's cache folder. */
  folder?: string | undefined
  chainId: number
}

/**
 * Structured reference strings, a file for each k. On a live chain they are
 * those that `lynode srs import` took from a ceremony; on a local one an
 * insecure string is made on first use.
 */
export class SrsStore {
  readonly #folder: string
  readonly #chainId: number

  constructor(options: SrsStoreOptions) {
    this.#chainId = options.chainId
    this.#folder = options.folder ?? defaultSrsFolder()
  }

  /** `insecure-test`, or `ceremony`. */
  get name(): string {
    return localChains.has(this.#chainId) ? 'insecure-test' : 'ceremony'
  }

  /**
   * Path of the string of 2^k points.
   *
   * @throws LynodeError `LY-ZK-012` when there is none for this chain.
   */
  async path(logRows: number): Promise<string> {
    const folder = join(this.#folder, this.name)
    const path = join(folder, `${logRows}.srs`)
    if (existsSync(path)) return path
    if (this.name !== 'insecure-test')
      throw new LynodeError('LY-ZK-012', {
        details: `no string of 2^${logRows} points for chain ${this.#chainId}`,
      })
    await writeDurably(path, insecureSrs(logRows))
    return path
  }
}

/** Where strings are kept unless a configuration says otherwise. */
export function defaultSrsFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'lynode', 'srs')
}
