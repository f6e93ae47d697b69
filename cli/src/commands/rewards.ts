import { Command } from '@commander-js/extra-typings'
import { getDelegations, getThaws } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex, integer } from '../output/fields.js'
import { formatTime } from '../output/formatTime.js'
import { printResult } from '../output/output.js'

const rewardsDocument = document(
  'rewards',
  1,
  z.object({
    account: hex,
    delegations: z.array(
      z.object({
        providerId: z.int(),
        pool: z.int(),
        shares: integer,
        amount,
        rewards: amount,
      }),
    ),
    thaws: z.array(
      z.object({
        thawId: integer,
        providerId: z.int(),
        pool: z.int(),
        amount,
        thawedAt: z.int(),
      }),
    ),
  }),
)

/** `lynode rewards`: what an account has lent, earned and thawed. */
export function rewardsCommand() {
  return new Command('rewards')
    .description('show what an account has delegated, earned and thawed')
    .option('--account <name>', 'account of the network', 'requester')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  lynode rewards
  lynode rewards --account third --json`,
    )
    .action(async (options) => {
      const { client } = await connect(options.account)
      const member = client.account.address
      const [delegations, thaws] = await Promise.all([
        getDelegations(client, { member }),
        getThaws(client, { member }),
      ])
      printResult(
        rewardsDocument,
        {
          account: member,
          delegations: delegations.map((one) => ({
            providerId: one.providerId,
            pool: one.nonce,
            shares: one.shares,
            amount: amountOf(one.amount),
            rewards: amountOf(one.rewards),
          })),
          thaws: thaws.map((one) => ({
            thawId: one.thawId,
            providerId: one.providerId,
            pool: one.nonce,
            amount: amountOf(one.amount),
            thawedAt: one.thawedAt,
          })),
        },
        options,
        (result) =>
          [
            ...result.delegations.map(
              (one) =>
                `Provider ${one.providerId}, pool ${one.pool}: ${one.amount.text} delegated, ${one.rewards.text} to claim`,
            ),
            ...result.thaws.map(
              (one) =>
                `Provider ${one.providerId}, pool ${one.pool}: ${one.amount.text} thaw until ${formatTime(one.thawedAt)}`,
            ),
          ].join('\n') || 'Nothing is delegated.',
      )
    })
}
