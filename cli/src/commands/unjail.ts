import { Command } from '@commander-js/extra-typings'
import { unjail } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const unjailDocument = document(
  'unjail',
  1,
  z.object({ providerId: z.int(), transaction: hex }),
)

/** `lynode unjail PROVIDER`: lets a slashed one lock again, once its jail is over. */
export function unjailCommand() {
  return withWriteOptions(
    new Command('unjail')
      .description('let a slashed provider or verifier of yours work again')
      .argument(
        '<provider-id>',
        'id of a provider or verifier',
        parseProviderId,
      )
      .option(
        '--account <name>',
        'account of the network that sends',
        'provider-owner',
      ),
  )
    .addHelpText(
      'after',
      `
Find out first why it was slashed: lynode stake show ID.

Examples:
  lynode unjail 1
  lynode unjail 1 --dry-run`,
    )
    .action(async (providerId, options) => {
      const { client } = await connect(options.account)
      const sent = await sendWrite(client, {
        action: unjail,
        parameters: { providerId },
        effect: [`provider ${providerId} may lock jobs again`],
        options,
      })
      if (sent === undefined) return
      printResult(
        unjailDocument,
        { providerId, transaction: sent.receipt.transactionHash },
        options,
        () => `Provider ${providerId} may lock jobs again.`,
      )
    })
}
