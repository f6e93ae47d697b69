import { join } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { readSkippedJobs } from '@lynode/node'
import { formatAmount } from '@lynode/sdk'
import { z } from 'zod'
import { findNetwork } from '../network/networkFile.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { hex, order } from '../output/fields.js'
import { printResult } from '../output/output.js'

const jobsSkippedDocument = document(
  'jobs skipped',
  1,
  z.object({
    jobs: z.array(
      z.object({ jobId: hex, state: z.string(), reason: z.string(), order }),
    ),
  }),
)

/** `lynode jobs skipped`: why a provider has no work. */
export function jobsSkippedCommand() {
  return new Command('skipped')
    .description('list orders that a provider has seen and not taken, and why')
    .option(
      '--data-dir <folder>',
      "`dataDir` of the provider; the devnet's by default",
    )
    .option('--limit <count>', 'most that are listed', parseWhole, 50)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode jobs skipped\n  lynode jobs skipped --data-dir /var/lib/lynode --json',
    )
    .action((options) => {
      const folder = options.dataDir ?? join(findNetwork().folder, 'provider')
      const jobs = readSkippedJobs(folder, options.limit)
      printResult(jobsSkippedDocument, { jobs }, options, (result) =>
        result.jobs.length === 0
          ? 'Every order that was seen was taken.'
          : result.jobs
              .map(
                ({ jobId, state, reason, order }) =>
                  `${jobId}  ${state}  at most ${formatAmount(order.maxPrice)}\n  ${reason || 'not decided yet'}`,
              )
              .join('\n'),
      )
    })
}
