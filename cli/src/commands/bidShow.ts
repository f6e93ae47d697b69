import { Command } from '@commander-js/extra-typings'
import { formatAmount, getAuction, getBid } from '@lynode/sdk'
import { openBid } from '../market/openBid.js'
import { printResult } from '../output/output.js'

/** `lynode bid show JOB_ID`: an auction and a bid in it. */
export function bidShowCommand() {
  return new Command('show')
    .description('show an auction and your bid in it')
    .argument('<job-id>', 'id of the job')
    .option('--as <account>', 'account of the devnet: a hot key', 'provider')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode bid show 0x3c...')
    .action(async (id, options) => {
      const { client, jobId, providerId } = await openBid(id, options.as)
      const [auction, bid] = await Promise.all([
        getAuction(client, { jobId }),
        getBid(client, { jobId, providerId }),
      ])
      printResult({ jobId, providerId, auction, bid }, options, () =>
        [
          `Auction of job ${jobId}`,
          `  bids     ${auction.bids}, until ${auction.commitEnd}; reveals until ${auction.revealEnd}`,
          `  bond     ${formatAmount(auction.bond)}`,
          `  leads    ${auction.bestId === 0 ? '-' : `provider ${auction.bestId} with ${formatAmount(auction.best)}, paid ${formatAmount(auction.second)}`}`,
          `  your bid ${bid.status}`,
        ].join('\n'),
      )
    })
}
