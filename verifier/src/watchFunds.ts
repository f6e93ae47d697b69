import { type Daemon, errorText } from '@lynode/runtime'
import { getBalance } from '@lynode/sdk'
import { getOracleBalance } from '@lynode/sdk/audits'

/** Measures what audits live on: the pool that pays them, and what pays for the seeds. */
export async function watchFunds(daemon: Daemon): Promise<void> {
  const { client, contracts, metrics, logger } = daemon
  try {
    const { free } = await getBalance(client, {
      token: contracts.lynToken,
      account: contracts.auditManager,
    })
    metrics.auditPool.set(Number(free))
    const { link, native } = await getOracleBalance(client)
    metrics.oracleBalance.set({ currency: 'link' }, Number(link))
    metrics.oracleBalance.set({ currency: 'native' }, Number(native))
  } catch (error) {
    logger.debug({ error: errorText(error) }, 'the funds were not read')
  }
}
