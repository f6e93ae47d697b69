import { Command } from '@commander-js/extra-typings'
import { formatAmount, getAuction, lockWinner } from '@lynode/sdk'
import { z } from 'zod'
import { openBid } from '../market/openBid.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const bidWinDocument = document(
  'bid win',
  1,
  z.object({
    jobId: hex,
    providerId: z.int(),
    requester: hex,
    price: integer,
    attempt: z.int(),
    deliverBy: z.int(),
    transaction: hex,
  }),
)

/** `lynode bid win JOB_ID`: locks the winner. */
export function bidWinCommand() {
  return withWriteOptions(
    new Command('win')
      .description('lock the winner of an auction, once the reveals are over')
      .argument('<job-id>', 'id of the job')
      .option('--as <account>', 'account of the devnet: a hot key', 'provider'),
  )
    .addHelpText('after', '\nExamples:\n  lynode bid win 0x3c... --yes')
    .action(async (id, options) => {
      const { client, jobId, order, signature } = await openBid(id, options.as)
      const { bestId, second } = await getAuction(client, { jobId })
      const sent = await sendWrite(client, {
        action: lockWinner,
        parameters: { order, signature },
        effect: [
          `lock job ${jobId} for provider ${bestId} at ${formatAmount(second)}`,
        ],
        options,
      })
      if (sent !== undefined)
        printResult(
          bidWinDocument,
          { ...sent.event, transaction: sent.receipt.transactionHash },
          options,
          (event) =>
            `Locked for provider ${event.providerId} at ${formatAmount(event.price)}`,
        )
    })
}
