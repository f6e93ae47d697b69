import { Command } from '@commander-js/extra-typings'
import { delegate, getDelegation, parseAmount } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { percent } from '../output/percent.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { needPool } from '../staking/needPool.js'

const delegateDocument = document(
  'delegate',
  1,
  z.object({
    providerId: z.int(),
    pool: z.int(),
    delegated: amount,
    shares: integer,
    amount,
    transaction: hex,
  }),
)

/** `lynode delegate PROVIDER AMOUNT`: lends LYN to a provider's running pool. */
export function delegateCommand() {
  return withWriteOptions(
    new Command('delegate')
      .description('lend LYN to a provider or verifier')
      .argument(...providerIdArgument)
      .argument('<amount>', 'what to lend: 100LYN', parseAmount)
      .option(...accountOption('requester')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode delegate 1 100LYN
  lynode delegate 1 0.5LYN --account requester --yes`,
    )
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const pool = await needPool(client, providerId)
      const { nonce } = pool
      const member = client.account.address
      const before = await getDelegation(client, { providerId, nonce, member })
      const sent = await sendWrite(client, {
        action: delegate,
        parameters: { providerId, nonce, amount },
        spends: amount,
        effect: [
          `delegate ${amountOf(amount).text} to pool ${nonce} of provider ${providerId}`,
          `commission ${percent(pool.commission.bps)}${pool.commission.nextBps === pool.commission.bps ? '' : `, ${percent(pool.commission.nextBps)} soon`}; slashes never take more than ${percent(10_000 - pool.floorBps)} of what was lent before the first one`,
          `yours there: ${amountOf(before.amount).text} -> ${amountOf(before.amount + amount).text}`,
          ...(before.rewards > 0n
            ? [`rewards paid with it: ${amountOf(before.rewards).text}`]
            : []),
        ],
        options,
      })
      if (sent === undefined) return
      const after = await getDelegation(client, { providerId, nonce, member })
      printResult(
        delegateDocument,
        {
          providerId,
          pool: nonce,
          delegated: amountOf(sent.event.amount),
          shares: sent.event.shares,
          amount: amountOf(after.amount),
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) =>
          `Delegated ${result.delegated.text} to provider ${providerId}: ${result.amount.text} in all.`,
      )
    })
}
