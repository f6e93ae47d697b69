import { Command } from '@commander-js/extra-typings'
import { bidStatuses, formatAmount, getAuction, getBid } from '@lynode/sdk'
import { z } from 'zod'
import { openBid } from '../market/openBid.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'

const bidShowDocument = document(
  'bid show',
  1,
  z.object({
    jobId: hex,
    providerId: z.int(),
    auction: z.object({
      commitEnd: z.int(),
      revealEnd: z.int(),
      taken: z.boolean(),
      returned: z.boolean(),
      bond: integer,
      bestId: z.int(),
      bestIndex: z.int(),
      best: integer,
      second: integer,
      bids: z.int(),
    }),
    bid: z.object({
      hotKey: hex,
      status: z.enum(bidStatuses),
      madeAt: z.int(),
      index: z.int(),
      commitment: hex,
    }),
  }),
)

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
      printResult(
        bidShowDocument,
        { jobId, providerId, auction, bid },
        options,
        () =>
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
