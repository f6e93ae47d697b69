import { Command } from '@commander-js/extra-typings'

import {
  announceOffer,
  formatAmount,
  offerId,
  parseSignedOffer,
  postOfferToRelays,
} from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { readJson } from '../options/readJson.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const offerPostDocument = document(
  'offer post',
  1,
  z.object({
    offerId: hex,
    relays: z.array(z.string()).optional(),
    transaction: hex.optional(),
  }),
)

/** `lynode offer post FILE`: by relay, which costs nothing, or on chain. */
export function offerPostCommand() {
  return withWriteOptions(
    new Command('post')
      .description('make a signed offer known to requesters')
      .argument('<file>', 'signed offer: JSON with `offer` and `signature`')
      .option('--announce', 'on chain instead of by relay')
      .option('--as <account>', 'account that pays the gas', 'provider'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode offer post offer.json
  lynode offer post offer.json --announce --dry-run`,
    )
    .action(async (file, options) => {
      const signed = parseSignedOffer(readJson(file))
      const { client, network } = await connect(options.as)
      const { chainId, contracts } = client.addressBook
      const { offer } = signed
      const id = offerId({ chainId, offers: contracts.offers, offer })
      if (!options.announce) {
        const relays = await postOfferToRelays(network.relays, signed)
        return printResult(
          offerPostDocument,
          { offerId: id, relays },
          options,
          (result) => `Offer ${id} sent to ${result.relays.length} relay(s)`,
        )
      }
      const sent = await sendWrite(client, {
        action: announceOffer,
        parameters: signed,
        effect: [
          `announce offer ${id} on chain: ${formatAmount(offer.pricePerStep)} a step`,
        ],
        options,
      })
      if (sent !== undefined)
        printResult(
          offerPostDocument,
          { offerId: id, transaction: sent.receipt.transactionHash },
          options,
          () => `Offer ${id} announced`,
        )
    })
}
