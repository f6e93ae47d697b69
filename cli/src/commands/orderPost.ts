import { Command } from '@commander-js/extra-typings'

import {
  announceOrder,
  formatAmount,
  orderId,
  parseSignedOrder,
  postOrderToRelays,
} from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { readJson } from '../options/readJson.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const orderPostDocument = document(
  'order post',
  1,
  z.object({
    jobId: hex,
    relays: z.array(z.string()).optional(),
    transaction: hex.optional(),
  }),
)

/** `lynode order post FILE`: by relay, which costs nothing, or on chain. */
export function orderPostCommand() {
  return withWriteOptions(
    new Command('post')
      .description('make a signed order known to providers')
      .argument('<file>', 'signed order: JSON with `order` and `signature`')
      .option('--announce', 'on chain instead of by relay'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode order post order.json
  lynode order post order.json --announce --yes`,
    )
    .action(async (file, options) => {
      const signed = parseSignedOrder(readJson(file))
      const { client, network } = await connect()
      const { chainId, contracts } = client.addressBook
      const { order } = signed
      const jobId = orderId({ chainId, jobMarket: contracts.jobMarket, order })
      const most = formatAmount(order.maxTotal)
      if (!options.announce) {
        const relays = await postOrderToRelays(network.relays, signed)
        return printResult(
          orderPostDocument,
          { jobId, relays },
          options,
          (result) =>
            `Job ${jobId} sent to ${result.relays.length} relay(s), at most ${most}`,
        )
      }
      const sent = await sendWrite(client, {
        action: announceOrder,
        parameters: signed,
        effect: [`announce job ${jobId} on chain, at most ${most}`],
        options,
      })
      if (sent !== undefined)
        printResult(
          orderPostDocument,
          { jobId, transaction: sent.receipt.transactionHash },
          options,
          () => `Job ${jobId} announced`,
        )
    })
}
