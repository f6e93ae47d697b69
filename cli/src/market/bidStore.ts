import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LynodeError } from '@lynode/sdk'
import { type Hex, isHex } from 'viem'
import { z } from 'zod'

const hex = z.custom<Hex>((value) => isHex(value))
const schema = z.record(
  z.string(),
  z.object({ price: z.string().regex(/^\d+$/), salt: hex }),
)

/** What a bid needs to be revealed. */
export type StoredBid = { price: bigint; salt: Hex }

/**
 * Prices and salts of sealed bids in a file that only its owner reads. A bid is
 * stored before it is sent: without its salt the bond burns.
 */
export class BidStore {
  readonly #path: string

  /** @param folder - `.lynode` of the network. */
  constructor(folder: string) {
    this.#path = join(folder, 'bids.json')
  }

  /** @returns The bid that is stored: an earlier one of the same key wins. */
  add(jobId: Hex, providerId: number, bid: StoredBid): StoredBid {
    const before = this.find(jobId, providerId)
    if (before !== undefined) return before
    const { price, salt } = bid
    const all = {
      ...this.#read(),
      [key(jobId, providerId)]: { price: String(price), salt },
    }
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, `${JSON.stringify(all, null, 2)}\n`, {
      mode: 0o600,
    })
    return bid
  }

  find(jobId: Hex, providerId: number): StoredBid | undefined {
    const found = this.#read()[key(jobId, providerId)]
    return found && { price: BigInt(found.price), salt: found.salt }
  }

  #read(): z.infer<typeof schema> {
    if (!existsSync(this.#path)) return {}
    try {
      return schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')))
    } catch (cause) {
      throw new LynodeError('LY-CLI-002', {
        details: `${this.#path} holds the salts of your bids and cannot be read`,
        cause,
      })
    }
  }
}

function key(jobId: Hex, providerId: number): string {
  return `${jobId} ${providerId}`
}
