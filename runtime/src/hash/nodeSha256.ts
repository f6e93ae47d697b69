import * as crypto from 'node:crypto'
import type { Sha256 } from '@lynode/sdk'

/** Node's native one-shot SHA-256, which the runtime injects into the sdk (RULES H). */
export const nodeSha256: Sha256 = (data) =>
  // By way of a string: crypto.hash makes its own buffers so slowly that trees
  // over 1 KiB chunks take half as long again.
  Buffer.from(crypto.hash('sha256', data, 'binary'), 'binary')
