import { Command } from '@commander-js/extra-typings'
import { getProvider, parseAmount, stake } from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { amountOf } from '../output/amountOf.js'
import { printResult } from '../output/output.js'
import { sendWrite } from '../staking/sendWrite.js'

/** `lynode stake PROVIDER AMOUNT`: stakes LYN for a provider or verifier. */
export function stakeCommand() {
  return new Command('stake')
    .description('stake LYN for a provider or verifier')
    .argument('<provider-id>', 'id of a provider or verifier', parseProviderId)
    .argument('<amount>', 'what to stake: 100LYN', parseAmount)
    .option(
      '--account <name>',
      'account of the network that sends',
      'provider-owner',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const before = await getProvider(client, { providerId })
      const after = before.stake + amount
      const { receipt } = await sendWrite(
        client,
        stake,
        { providerId, amount },
        {
          spends: amount,
          effect: [
            `stake ${amountOf(amount).text} for ${before.role} ${providerId}, owned by ${before.owner}`,
            `its stake: ${amountOf(before.stake).text} -> ${amountOf(after).text}`,
          ],
          options,
        },
      )
      printResult(
        {
          providerId,
          staked: amountOf(amount),
          stake: amountOf(after),
          transaction: receipt.transactionHash,
        },
        options,
        (result) =>
          `Staked ${result.staked.text} for ${before.role} ${providerId}: ${result.stake.text} in all.`,
      )
    })
}
