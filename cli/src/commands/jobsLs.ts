import { Command } from '@commander-js/extra-typings'
import {
  formatAmount,
  getJob,
  jobMarketAbi,
  type LynodeClient,
} from '@lynode/sdk'
import type { IndexerClient } from '@lynode/sdk/indexer'
import type { Address, Hex } from 'viem'
import { getContractEvents } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { indexerAt } from '../network/indexerAt.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { job } from '../output/fields.js'
import { printResult } from '../output/output.js'

const jobsLsDocument = document('jobs ls', 1, z.object({ jobs: z.array(job) }))

/** `lynode jobs ls`: the jobs of an account, the newest first. */
export function jobsLsCommand() {
  return new Command('ls')
    .description('list your jobs that a provider has taken, the newest first')
    .option('--as <account>', 'account of the devnet', 'requester')
    .option('--limit <count>', 'most that are listed', parseWhole, 50)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode jobs ls --limit 10')
    .action(async (options) => {
      const { client, network } = await connect(options.as)
      const indexer = await indexerAt(network.indexer, client)
      const ids =
        indexer === undefined
          ? await lockedJobs(client)
          : await indexedJobs(indexer, client.account.address, options.limit)
      const jobs = await Promise.all(
        ids.slice(0, options.limit).map((jobId) => getJob(client, { jobId })),
      )
      printResult(jobsLsDocument, { jobs }, options, (result) =>
        result.jobs.length === 0
          ? 'No jobs.'
          : result.jobs
              .map(
                ({ jobId, status, price, providerId }) =>
                  `${jobId}  ${status.padEnd(9)}  ${formatAmount(price)}  provider ${providerId || '-'}`,
              )
              .join('\n'),
      )
    })
}

async function indexedJobs(
  indexer: IndexerClient,
  requester: Address,
  limit: number,
): Promise<Hex[]> {
  const ids: Hex[] = []
  for await (const { jobId } of indexer.all('jobs', { where: { requester } })) {
    if (ids.length === limit) break
    ids.push(jobId)
  }
  return ids
}

/** Out of all logs of the market, the newest first. */
async function lockedJobs(client: LynodeClient): Promise<Hex[]> {
  const logs = await getContractEvents(client, {
    address: client.addressBook.contracts.jobMarket,
    abi: jobMarketAbi,
    eventName: 'JobLocked',
    args: { requester: client.account.address },
    fromBlock: client.addressBook.deployBlock,
    strict: true,
  })
  return [...new Set(logs.map(({ args }) => args.jobId))].reverse()
}
