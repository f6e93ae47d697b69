import { Command } from '@commander-js/extra-typings'
import { formatAmount, LynodeError, revealBid } from '@lynode/sdk'
import { z } from 'zod'
import { openBid } from '../market/openBid.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const bidRevealDocument = document(
  'bid reveal',
  1,
  z.object({
    jobId: hex,
    providerId: z.int(),
    price: integer,
    leads: z.boolean(),
    transaction: hex,
  }),
)

/** `lynode bid reveal JOB_ID`. */
export function bidRevealCommand() {
  return withWriteOptions(
    new Command('reveal')
      .description('open your bid, once the bids are over')
      .argument('<job-id>', 'id of the job')
      .option('--as <account>', 'account of the devnet: a hot key', 'provider'),
  )
    .addHelpText('after', '\nExamples:\n  lynode bid reveal 0x3c... --yes')
    .action(async (id, options) => {
      const { client, jobId, order, providerId, bids } = await openBid(
        id,
        options.as,
      )
      const bid = bids.find(jobId, providerId)
      if (bid === undefined)
        throw new LynodeError('LY-SEA-005', {
          details: 'no salt of this bid is in .lynode/bids.json',
        })
      const sent = await sendWrite(client, {
        action: revealBid,
        parameters: { order, providerId, ...bid },
        effect: [`reveal the bid of ${formatAmount(bid.price)}`],
        options,
      })
      if (sent !== undefined)
        printResult(
          bidRevealDocument,
          { ...sent.event, transaction: sent.receipt.transactionHash },
          options,
          ({ leads }) => `Revealed; it ${leads ? 'leads' : 'does not lead'}`,
        )
    })
}
