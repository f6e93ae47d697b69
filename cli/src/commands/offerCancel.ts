import { Command } from '@commander-js/extra-typings'

import {
  type ComputeOffer,
  cancelOffer,
  LynodeError,
  listOffers,
  offerId,
  parseSignedOffer,
} from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { readJson } from '../options/readJson.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const offerCancelDocument = document(
  'offer cancel',
  1,
  z.object({ offerId: hex, transaction: hex }),
)

/** `lynode offer cancel OFFER`: nobody can fill it any more. */
export function offerCancelCommand() {
  return withWriteOptions(
    new Command('cancel')
      .description('void an offer of yours; jobs that filled it go on')
      .argument('<offer>', 'id of an offer on the relays, or its file')
      .option('--as <account>', 'hot key or owner of the provider', 'provider'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode offer cancel offer.json
  lynode offer cancel 0x7a... --yes`,
    )
    .action(async (text, options) => {
      const { client, network } = await connect(options.as)
      const offer = await findOffer(network.relays, text)
      const { chainId, contracts } = client.addressBook
      const id = offerId({ chainId, offers: contracts.offers, offer })
      const sent = await sendWrite(client, {
        action: cancelOffer,
        parameters: { offer },
        effect: [`void offer ${id} of provider ${offer.providerId}`],
        options,
      })
      if (sent !== undefined)
        printResult(
          offerCancelDocument,
          { offerId: id, transaction: sent.receipt.transactionHash },
          options,
          () => `Offer ${id} is cancelled`,
        )
    })
}

async function findOffer(
  relays: readonly string[],
  text: string,
): Promise<ComputeOffer> {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    return parseSignedOffer(readJson(text)).offer
  const found = (await listOffers(relays)).find(
    ({ id }) => id === text.toLowerCase(),
  )
  if (found !== undefined) return found.signed.offer
  throw new LynodeError('LY-RLY-006', { details: text })
}
