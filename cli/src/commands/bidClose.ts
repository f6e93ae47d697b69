import { Command } from '@commander-js/extra-typings'
import { closeBid, formatAmount, getAuction, getBid } from '@lynode/sdk'
import { z } from 'zod'
import { openBid } from '../market/openBid.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const bidCloseDocument = document(
  'bid close',
  1,
  z.object({
    jobId: hex,
    providerId: z.int(),
    returned: integer,
    burnt: integer,
    transaction: hex,
  }),
)

/** `lynode bid close JOB_ID`: bond and collateral of a bid that lost. */
export function bidCloseCommand() {
  return withWriteOptions(
    new Command('close')
      .description('get bond and collateral of a lost bid back')
      .argument('<job-id>', 'id of the job')
      .option('--as <account>', 'account of the devnet: a hot key', 'provider'),
  )
    .addHelpText('after', '\nExamples:\n  lynode bid close 0x3c... --yes')
    .action(async (id, options) => {
      const { client, jobId, order, providerId } = await openBid(id, options.as)
      const [{ status }, { bond }] = await Promise.all([
        getBid(client, { jobId, providerId }),
        getAuction(client, { jobId }),
      ])
      const sent = await sendWrite(client, {
        action: closeBid,
        parameters: { order, providerId },
        effect: [
          status === 'sealed'
            ? `close a bid that was not revealed: its bond of ${formatAmount(bond)} burns`
            : `close the bid: ${formatAmount(bond)} return`,
          `free ${formatAmount(order.collateral)} of stake`,
        ],
        options,
      })
      if (sent !== undefined)
        printResult(
          bidCloseDocument,
          { ...sent.event, transaction: sent.receipt.transactionHash },
          options,
          ({ returned, burnt }) =>
            `Closed: ${formatAmount(returned)} returned, ${formatAmount(burnt)} burnt`,
        )
    })
}
