import { randomBytes } from 'node:crypto'
import { Command } from '@commander-js/extra-typings'
import {
  bidCommitment,
  formatAmount,
  getAuction,
  LynodeError,
  parseAmount,
  placeBid,
} from '@lynode/sdk'
import { bytesToHex } from 'viem'
import { z } from 'zod'
import { openBid } from '../market/openBid.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const bidCommitDocument = document(
  'bid commit',
  1,
  z.object({
    jobId: hex,
    providerId: z.int(),
    price: integer,
    bond: integer,
    transaction: hex,
  }),
)

/** `lynode bid commit JOB_ID`: a sealed bid; its salt stays in `.lynode/bids.json`. */
export function bidCommitCommand() {
  return withWriteOptions(
    new Command('commit')
      .description('bid in a sealed auction')
      .argument('<job-id>', 'id of the job')
      .requiredOption('--price <amount>', 'your bid: 7LYN')
      .option('--as <account>', 'account of the devnet: a hot key', 'provider'),
  )
    .addHelpText(
      'after',
      `
The lowest bid wins and is paid the second lowest. The salt is stored in
.lynode/bids.json before the bid is sent: a bid that is not revealed loses its bond.

Examples:
  lynode bid commit 0x3c... --price 7LYN
  lynode bid reveal 0x3c...`,
    )
    .action(async (id, options) => {
      const price = parseAmount(options.price)
      const { client, jobId, order, providerId, bids } = await openBid(
        id,
        options.as,
      )
      const { bond } = await getAuction(client, { jobId })
      const bid = options.dryRun
        ? { price, salt: bytesToHex(randomBytes(32)) }
        : bids.add(jobId, providerId, {
            price,
            salt: bytesToHex(randomBytes(32)),
          })
      if (bid.price !== price)
        throw new LynodeError('LY-SEA-006', {
          details: `.lynode/bids.json has one of ${formatAmount(bid.price)}`,
        })
      const sent = await sendWrite(client, {
        action: placeBid,
        parameters: {
          order,
          commitment: bidCommitment({
            chainId: client.addressBook.chainId,
            jobId,
            providerId,
            ...bid,
          }),
          allowed: [],
        },
        effect: [
          `bid ${formatAmount(price)} for job ${jobId} as provider ${providerId}`,
          `reserve ${formatAmount(order.collateral)} of stake, pledge a bond of ${formatAmount(bond)}`,
        ],
        options,
      })
      if (sent !== undefined)
        printResult(
          bidCommitDocument,
          {
            jobId,
            providerId,
            price,
            bond,
            transaction: sent.receipt.transactionHash,
          },
          options,
          () => `Bid made: lynode bid reveal ${jobId}`,
        )
    })
}
