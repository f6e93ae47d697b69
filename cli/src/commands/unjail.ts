import { Command } from '@commander-js/extra-typings'
import { getProvider, unjail } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const unjailDocument = document(
  'unjail',
  1,
  z.object({ providerId: z.int(), transaction: hex }),
)

/** `lynode unjail PROVIDER`: lets a slashed one work again, once its jail is over. */
export function unjailCommand() {
  return withWriteOptions(
    new Command('unjail')
      .description('let a slashed provider or verifier of yours work again')
      .argument(...providerIdArgument)
      .option(...accountOption('provider-owner')),
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
      const { role } = await getProvider(client, { providerId })
      const effect = `${role} ${providerId} may work again`
      const sent = await sendWrite(client, {
        action: unjail,
        parameters: { providerId },
        effect: [effect],
        options,
      })
      if (sent === undefined) return
      printResult(
        unjailDocument,
        { providerId, transaction: sent.receipt.transactionHash },
        options,
        () => `From now on ${effect}.`,
      )
    })
}
