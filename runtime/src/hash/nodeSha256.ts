import * as crypto from 'node:crypto'
import type { Sha256 } from '@lynode/sdk'

/** Node's native one-shot SHA-256, which the runtime injects into the sdk (RULES H). */
export const nodeSha256: Sha256 = (data) =>
  crypto.hash('sha256', data, 'buffer')
