import { Command } from '@commander-js/extra-typings'
import { getProvider, parseAmount, stake } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const stakeDocument = document(
  'stake',
  1,
  z.object({
    providerId: z.int(),
    staked: amount,
    stake: amount,
    transaction: hex,
  }),
)

/** `lynode stake PROVIDER AMOUNT`: stakes LYN for a provider or verifier. */
export function stakeCommand() {
  return withWriteOptions(
    new Command('stake')
      .description('stake LYN for a provider or verifier')
      .argument(...providerIdArgument)
      .argument('<amount>', 'what to stake: 100LYN', parseAmount)
      .option(...accountOption('provider-owner')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode stake 1 500LYN
  lynode stake 1 500LYN --dry-run`,
    )
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const before = await getProvider(client, { providerId })
      const after = before.stake + amount
      const sent = await sendWrite(client, {
        action: stake,
        parameters: { providerId, amount },
        spends: amount,
        effect: [
          `stake ${amountOf(amount).text} for ${before.role} ${providerId}, owned by ${before.owner}`,
          `its stake: ${amountOf(before.stake).text} -> ${amountOf(after).text}`,
        ],
        options,
      })
      if (sent === undefined) return
      printResult(
        stakeDocument,
        {
          providerId,
          staked: amountOf(amount),
          stake: amountOf(after),
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) =>
          `Staked ${result.staked.text} for ${before.role} ${providerId}: ${result.stake.text} in all.`,
      )
    })
}
