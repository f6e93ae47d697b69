import { Command } from '@commander-js/extra-typings'

import { formatAmount, getFilled, listOffers } from '@lynode/sdk'
import { getBlock } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { parseId } from '../options/parseId.js'
import { document } from '../output/document.js'
import { hex, integer, offer } from '../output/fields.js'
import { printResult } from '../output/output.js'

const offerLsDocument = document(
  'offer ls',
  1,
  z.object({
    offers: z.array(
      z.object({ offerId: z.string(), left: integer, offer, signature: hex }),
    ),
  }),
)

/** `lynode offer ls`: what providers offer now, the cheapest first. */
export function offerLsCommand() {
  return new Command('ls')
    .description('list the offers on the relays, the cheapest first')
    .option('--model <id>', 'of one model only')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  lynode offer ls\n  lynode offer ls --model 0x5e... --json',
    )
    .action(async (options) => {
      const model = options.model && parseId(options.model, 'model')
      const { client, network } = await connect()
      const now = Number((await getBlock(client)).timestamp)
      const listed = (await listOffers(network.relays)).filter(
        ({ signed: { offer } }) =>
          offer.expiry > now && (!model || offer.models === model),
      )
      const offers = (
        await Promise.all(
          listed.map(async ({ id, signed }) => {
            const filled = await getFilled(client, {
              offerId: id as `0x${string}`,
            })
            const left = signed.offer.capacity - filled
            return { offerId: id, left: left > 0n ? left : 0n, ...signed }
          }),
        )
      )
        .filter(({ left }) => left > 0n)
        .sort((a, b) => (a.offer.pricePerStep < b.offer.pricePerStep ? -1 : 1))
      printResult(offerLsDocument, { offers }, options, (result) =>
        result.offers.length === 0
          ? 'No offers.'
          : result.offers
              .map(
                ({ offerId, left, offer }) =>
                  `${formatAmount(offer.pricePerStep)} a step  ${left} step(s) left  provider ${offer.providerId}  until ${offer.expiry}\n  offer ${offerId}\n  model ${offer.models}`,
              )
              .join('\n'),
      )
    })
}
