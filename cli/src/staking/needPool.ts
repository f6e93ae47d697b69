import { getPool, LynodeError, type LynodeReader, type Pool } from '@lynode/sdk'

/**
 * Reads a pool of a provider.
 *
 * @param nonce - Default: the running one.
 * @throws LynodeError `LY-STK-015`.
 */
export async function needPool(
  client: LynodeReader,
  providerId: number,
  nonce?: number | undefined,
): Promise<Pool> {
  const pool = await getPool(client, { providerId, nonce })
  if (pool !== undefined) return pool
  throw new LynodeError('LY-STK-015', {
    details: `provider ${providerId} has opened none`,
  })
}
