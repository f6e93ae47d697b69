import { Command } from '@commander-js/extra-typings'
import { delegate, getDelegation, parseAmount } from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { amountOf } from '../output/amountOf.js'
import { printResult } from '../output/output.js'
import { percent } from '../output/percent.js'
import { needPool } from '../staking/needPool.js'
import { sendWrite } from '../staking/sendWrite.js'

/** `lynode delegate PROVIDER AMOUNT`: lends LYN to a provider's running pool. */
export function delegateCommand() {
  return new Command('delegate')
    .description('lend LYN to a provider or verifier')
    .argument('<provider-id>', 'id of a provider or verifier', parseProviderId)
    .argument('<amount>', 'what to lend: 100LYN', parseAmount)
    .option(
      '--account <name>',
      'account of the network that sends',
      'requester',
    )
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const pool = await needPool(client, providerId)
      const { nonce } = pool
      const member = client.account.address
      const before = await getDelegation(client, { providerId, nonce, member })
      const { receipt, event } = await sendWrite(
        client,
        delegate,
        { providerId, nonce, amount },
        {
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
        },
      )
      const after = await getDelegation(client, { providerId, nonce, member })
      printResult(
        {
          providerId,
          pool: nonce,
          delegated: amountOf(event.amount),
          shares: event.shares,
          amount: amountOf(after.amount),
          transaction: receipt.transactionHash,
        },
        options,
        (result) =>
          `Delegated ${result.delegated.text} to provider ${providerId}: ${result.amount.text} in all.`,
      )
    })
}
