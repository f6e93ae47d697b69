import {
  announceOrder,
  deliverResult,
  type Hex,
  lockJob,
  type Order,
  settleJob,
  signOrder,
} from '@lynode/sdk'
import { drawSeeds } from 'lynode/devnet'
import { keccak256, parseEther } from 'viem'
import { openMarket } from './openMarket.js'
import { sendAll } from './sendAll.js'

/** Orders per second through a job's whole life. */
export type Throughput = {
  providers: number
  jobs: number
  ordersPerSecond: number
  /** Wall-clock seconds of each phase, all providers at once. */
  seconds: { post: number; lock: number; deliver: number; settle: number }
}

/**
 * Measures post, lock, deliver and settle on one anvil that mines each
 * transaction at once. Providers act at the same time, each with its own key and
 * nonces; no model runs. The window between delivery and settlement is skipped.
 */
export async function measureThroughput(
  providers: number,
  jobs: number,
): Promise<Throughput> {
  const market = await openMarket(
    Array.from({ length: providers }, () => parseEther('100000')),
  )
  try {
    const { requester, test } = market
    const { contracts } = requester.addressBook
    const orders: Order[] = []
    for (let i = 0; i < jobs; i += 1) orders.push(await market.order(BigInt(i)))
    const signed = await Promise.all(
      orders.map(async (order) => ({
        order,
        ...(await signOrder(requester, { order })),
      })),
    )
    const mineOf = (provider: number) =>
      signed.filter((_, i) => i % providers === provider)
    /** One phase, all providers at once. */
    const phase = async (
      call: (job: (typeof signed)[number]) => { to: Hex; data: Hex },
    ) => {
      const start = performance.now()
      await Promise.all(
        market.providers.map((provider, i) =>
          sendAll(provider, mineOf(i).map(call)),
        ),
      )
      return (performance.now() - start) / 1_000
    }
    const start = performance.now()
    await sendAll(
      requester,
      signed.map(({ order, signature }) =>
        announceOrder.transaction(contracts, { order, signature }),
      ),
    )
    const post = (performance.now() - start) / 1_000
    const lock = await phase(({ order, signature }) =>
      lockJob.transaction(contracts, { order, signature }),
    )
    const deliver = await phase(({ jobId }) =>
      deliverResult.transaction(contracts, {
        jobId,
        resultRoot: keccak256(jobId),
      }),
    )
    // The seeds of their epochs, which verifiers see to otherwise.
    await test.increaseTime({ seconds: 2 })
    await test.mine({ blocks: 1 })
    await drawSeeds(
      requester,
      signed.map(({ jobId }) => jobId),
    )
    await test.increaseTime({ seconds: 60 })
    await test.mine({ blocks: 1 })
    const settle = await phase(({ order }) =>
      settleJob.transaction(contracts, { order }),
    )
    return {
      providers,
      jobs,
      ordersPerSecond: jobs / (post + lock + deliver + settle),
      seconds: { post, lock, deliver, settle },
    }
  } finally {
    await market.close()
  }
}
