import { Command } from '@commander-js/extra-typings'
import { claimRewards, getDelegation } from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { parseRecipient } from '../options/parseRecipient.js'
import { amountOf } from '../output/amountOf.js'
import { printResult } from '../output/output.js'
import { needPool } from '../staking/needPool.js'
import { sendWrite } from '../staking/sendWrite.js'

/** `lynode claim PROVIDER`: pays a delegator's rewards. */
export function claimCommand() {
  return new Command('claim')
    .description('take what delegation to a provider has earned')
    .argument('<provider-id>', 'id of a provider or verifier', parseProviderId)
    .option('--pool <nonce>', 'an earlier pool', parseProviderId)
    .option('--to <address>', 'who is paid', parseRecipient)
    .option(
      '--account <name>',
      'account of the network that sends',
      'requester',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
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
      const { receipt, event } = await sendWrite(
        client,
        claimRewards,
        { providerId, nonce, to },
        {
          effect: [
            `claim ${amountOf(rewards).text} of pool ${nonce} of provider ${providerId}, paid to ${to}`,
          ],
          options,
        },
      )
      printResult(
        {
          providerId,
          pool: nonce,
          claimed: amountOf(event.amount),
          to,
          transaction: receipt.transactionHash,
        },
        options,
        (result) => `Claimed ${result.claimed.text}, paid to ${to}.`,
      )
    })
}
