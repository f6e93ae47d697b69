import { Command } from '@commander-js/extra-typings'

import {
  approveToken,
  auctionBond,
  deposit,
  formatAmount,
  fundRequester,
  getBalance,
  openAuction,
  parseAmount,
  postOrderToRelays,
  signOrder,
} from '@lynode/sdk'
import { z } from 'zod'
import { prepareOrder } from '../market/prepareOrder.js'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { log, printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const bidOpenDocument = document(
  'bid open',
  1,
  z.object({
    jobId: hex,
    commitEnd: z.int(),
    revealEnd: z.int(),
    bond: integer,
    transaction: hex,
  }),
)

/** `lynode bid open MODEL_ID`: a sealed auction of an order of your own. */
export function bidOpenCommand() {
  return withWriteOptions(
    new Command('open')
      .description('hold a sealed auction for a job of yours')
      .argument('<model-id>', 'id of a published model')
      .option('--input <name=@file...>', 'an input of the model: x=@x.npy')
      .option('--max-price <amount>', 'most that you pay', '15LYN')
      .option('--bids <seconds>', 'for bids', parseWhole, 60)
      .option('--reveals <seconds>', 'for reveals', parseWhole, 60)
      .option('--deliver <seconds>', 'from lock to delivery', parseWhole, 6)
      .option('--data-server <url>', 'where the inputs go'),
  )
    .addHelpText(
      'after',
      `
The lowest bid wins and is paid the second lowest, or your maximum if it is alone.
Without a winner the price rises from 0 to your maximum as for any order.

Examples:
  lynode bid open 0x5e... --input x=@x.npy --max-price 100LYN --bids 600 --reveals 600`,
    )
    .action(async (id, options) => {
      const modelId = parseId(id, 'model')
      const maxPrice = parseAmount(options.maxPrice)
      const { client, network } = await connect()
      const seconds = options.bids + options.reveals
      const order = await prepareOrder(client, network, {
        modelId,
        inputs: options.input ?? [],
        dataServer: options.dataServer,
        maxPrice,
        // Until the auction is over nobody takes it by the ramp.
        minPrice: 0n,
        rampDelay: seconds + (options.yes ? 5 : 60), // time to say yes
        deliverDuration: options.deliver,
      })
      const revealEnd = order.rampStart - 1
      const commitEnd = revealEnd - options.reveals
      const bond = auctionBond(maxPrice)
      if (!options.dryRun) {
        await fundRequester(client, order.maxTotal, log)
        await fundBond(client, bond)
      }
      const sent = await sendWrite(client, {
        action: openAuction,
        parameters: { order, commitEnd, revealEnd },
        effect: [
          `hold an auction for at most ${formatAmount(maxPrice)}: bids until ${commitEnd}, reveals until ${revealEnd}`,
          `pledge a bond of ${formatAmount(bond)}, which returns unless the winner cannot be locked through your fault`,
        ],
        options,
      })
      if (sent === undefined) return
      const { jobId, signature } = await signOrder(client, { order })
      if (network.relays.length > 0)
        await postOrderToRelays(network.relays, { order, signature })
      printResult(
        bidOpenDocument,
        {
          jobId,
          commitEnd,
          revealEnd,
          bond,
          transaction: sent.receipt.transactionHash,
        },
        options,
        () => `Auction of job ${jobId} is open until ${commitEnd}`,
      )
    })
}

/** The bond comes out of the free balance. */
async function fundBond(
  client: Awaited<ReturnType<typeof connect>>['client'],
  bond: bigint,
): Promise<void> {
  const { lynToken: token, ledger } = client.addressBook.contracts
  const account = client.account.address
  const { free } = await getBalance(client, { token, account })
  if (free >= bond) return
  const amount = bond - free
  log(`deposit ${formatAmount(amount)} for the bond`)
  await approveToken(client, { token, spender: ledger, amount })
  await deposit.sync(client, { token, to: account, amount })
}
