import { Command } from '@commander-js/extra-typings'
import { claimRewards, getDelegation } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { parseRecipient } from '../options/parseRecipient.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { needPool } from '../staking/needPool.js'

const claimDocument = document(
  'claim',
  1,
  z.object({
    providerId: z.int(),
    pool: z.int(),
    claimed: amount,
    to: hex,
    transaction: hex,
  }),
)

/** `lynode claim PROVIDER`: pays a delegator's rewards. */
export function claimCommand() {
  return withWriteOptions(
    new Command('claim')
      .description('take what delegation to a provider has earned')
      .argument(...providerIdArgument)
      .option('--pool <nonce>', 'an earlier pool', parseProviderId)
      .option('--to <address>', 'who is paid', parseRecipient)
      .option(...accountOption('requester')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode claim 1
  lynode claim 1 --to 0x70...c8 --dry-run`,
    )
    .action(async (providerId, options) => {
      const { client } = await connect(options.account)
      const member = client.account.address
      const to = options.to ?? member
      const { nonce } = await needPool(client, providerId, options.pool)
      const { rewards } = await getDelegation(client, {
        providerId,
        nonce,
        member,
      })
      const sent = await sendWrite(client, {
        action: claimRewards,
        parameters: { providerId, nonce, to },
        effect: [
          `claim ${amountOf(rewards).text} of pool ${nonce} of provider ${providerId}, paid to ${to}`,
        ],
        options,
      })
      if (sent === undefined) return
      printResult(
        claimDocument,
        {
          providerId,
          pool: nonce,
          claimed: amountOf(sent.event.amount),
          to,
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) => `Claimed ${result.claimed.text}, paid to ${to}.`,
      )
    })
}
