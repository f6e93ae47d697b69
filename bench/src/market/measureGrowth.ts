import { deliverResult, lockJob, settleJob, signOrder } from '@lynode/sdk'
import { drawSeeds } from 'lynode/devnet'
import { keccak256 } from 'viem'
import { getTransactionCount, sendTransaction } from 'viem/actions'
import { collateral, type OpenMarket, openMarket } from './openMarket.js'
import { sendAll } from './sendAll.js'

/** Gas of one more job while others are open. */
export type Growth = {
  openJobs: number
  lock: number
  deliver: number
  settle: number
  total: number
}

/** Locks that fit a block of 60 million gas. */
const blockful = 300

/** Where the nonces of the measured jobs begin: words of their own. */
const probes = 1n << 64n

/**
 * Measures what a job costs with so many others locked and not delivered. All
 * are of one provider and one requester, who are the ones that could pay for it.
 *
 * @param levels - Ascending.
 */
export async function measureGrowth(
  levels: readonly number[],
  report: (line: string) => void,
): Promise<Growth[]> {
  const most = BigInt(Math.max(...levels) + levels.length + 10)
  const market = await openMarket([collateral * most])
  try {
    // The first jobs of everybody make accounts and nonce words.
    await measure(market, probes - 1n)
    await measure(market, probes)
    const found: Growth[] = []
    let open = 0
    for (const [index, level] of levels.entries()) {
      report(`${level} open job(s)`)
      // The measured one is open too.
      await lockMany(market, BigInt(open), level - 1 - open)
      open = level - 1
      const gas = await measure(market, probes + BigInt(index) + 1n)
      found.push({ openJobs: level, ...gas })
    }
    return found
  } finally {
    await market.close()
  }
}

/** A whole job; its gas, without the nonzero bytes that differ from job to job. */
async function measure(
  market: OpenMarket,
  nonce: bigint,
): Promise<Omit<Growth, 'openJobs'>> {
  const { requester, providers, test } = market
  const [provider] = providers
  if (provider === undefined) throw new RangeError('no provider')
  const { contracts } = requester.addressBook
  const order = await market.order(nonce)
  const { jobId, signature } = await signOrder(requester, { order })
  const gasOf = async (call: Parameters<typeof sendAll>[1][number]) =>
    Number((await sendAll(provider, [call]))[0]?.gasUsed)
  const lock = await gasOf(lockJob.transaction(contracts, { order, signature }))
  const deliver = await gasOf(
    deliverResult.transaction(contracts, {
      jobId,
      resultRoot: keccak256(jobId),
    }),
  )
  await test.increaseTime({ seconds: 2 })
  await test.mine({ blocks: 1 })
  await drawSeeds(requester, [jobId])
  await test.increaseTime({ seconds: 60 })
  await test.mine({ blocks: 1 })
  const settle = await gasOf(settleJob.transaction(contracts, { order }))
  return { lock, deliver, settle, total: lock + deliver + settle }
}

async function lockMany(
  market: OpenMarket,
  from: bigint,
  count: number,
): Promise<void> {
  const { requester, providers, test } = market
  const [provider] = providers
  if (provider === undefined || count <= 0) return
  const { contracts } = requester.addressBook
  await test.setAutomine(false)
  let nonce = await getTransactionCount(provider, {
    address: provider.account.address,
  })
  for (let done = 0; done < count; ) {
    const batch = Math.min(blockful, count - done)
    await Promise.all(
      Array.from({ length: batch }, async (_, i) => {
        const order = await market.order(from + BigInt(done + i))
        const { signature } = await signOrder(requester, { order })
        await sendTransaction(provider, {
          ...lockJob.transaction(contracts, { order, signature }),
          gas: 180_000n,
          nonce: nonce + i,
        })
      }),
    )
    await test.mine({ blocks: 1 })
    nonce += batch
    done += batch
    const mined = await getTransactionCount(provider, {
      address: provider.account.address,
    })
    if (mined !== nonce)
      throw new Error(`${nonce - mined} locks were not mined`)
  }
  await test.setAutomine(true)
}
