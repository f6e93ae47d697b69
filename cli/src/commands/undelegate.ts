import { Command } from '@commander-js/extra-typings'
import {
  type Delegation,
  getDelegation,
  getThaws,
  LynodeError,
  parseAmount,
  undelegate,
  withdrawDelegation,
} from '@lynode/sdk'
import { getBlock } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { parseProviderId } from '../options/parseProviderId.js'
import { parseRecipient } from '../options/parseRecipient.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex, integer } from '../output/fields.js'
import { formatTime } from '../output/formatTime.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { needPool } from '../staking/needPool.js'

const undelegateDocument = document(
  'undelegate',
  1,
  z.object({
    providerId: z.int(),
    /** A thaw that starts. */
    pool: z.int().optional(),
    thawId: integer.optional(),
    thawing: amount.optional(),
    thawedAt: z.int().optional(),
    amount: amount.optional(),
    transaction: hex.optional(),
    /** With `--withdraw`. */
    to: hex.optional(),
    withdrawn: z
      .array(z.object({ thawId: integer, amount, transaction: hex }))
      .optional(),
  }),
)

/** `lynode undelegate PROVIDER [AMOUNT]`: starts a thaw; with `--withdraw`, takes all that is thawed. */
export function undelegateCommand() {
  return withWriteOptions(
    new Command('undelegate')
      .description('thaw what was lent to a provider, and withdraw it')
      .argument(...providerIdArgument)
      .argument('[amount]', 'what to thaw: 100LYN, or all', 'all')
      .option('--pool <nonce>', 'an earlier pool', parseProviderId)
      .option('--withdraw', 'withdraw all that is thawed')
      .option('--to <address>', 'who is paid', parseRecipient)
      .option(...accountOption('requester')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode undelegate 1 40LYN
  lynode undelegate 1 --withdraw`,
    )
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const member = client.account.address
      if (options.withdraw) {
        const to = options.to ?? member
        const [thaws, { timestamp }] = await Promise.all([
          getThaws(client, { member }),
          getBlock(client),
        ])
        const mine = thaws.filter((thaw) => thaw.providerId === providerId)
        const ready = mine.filter((thaw) => thaw.thawedAt <= Number(timestamp))
        if (ready.length === 0)
          throw new LynodeError('LY-STK-023', {
            details:
              mine.length === 0
                ? `nothing of provider ${providerId} thaws`
                : `the next thaw ends at ${formatTime(Math.min(...mine.map(({ thawedAt }) => thawedAt)))}`,
          })
        const withdrawn = []
        for (const [index, { thawId, amount: worth }] of ready.entries()) {
          const sent = await sendWrite(client, {
            action: withdrawDelegation,
            parameters: { thawId, to },
            effect: [
              `withdraw thaw ${thawId} (${index + 1} of ${ready.length}), ${amountOf(worth).text}, to ${to}`,
            ],
            options,
          })
          if (sent === undefined) return
          withdrawn.push({
            thawId,
            amount: amountOf(sent.event.amount),
            transaction: sent.receipt.transactionHash,
          })
        }
        printResult(
          undelegateDocument,
          { providerId, to, withdrawn },
          options,
          (result) =>
            result.withdrawn
              .map((one) => `Withdrew ${one.amount.text} to ${to}.`)
              .join('\n'),
        )
        return
      }
      const { nonce } = await needPool(client, providerId, options.pool)
      const held = await getDelegation(client, { providerId, nonce, member })
      const shares =
        amount === 'all' ? held.shares : sharesFor(held, parseAmount(amount))
      const sent = await sendWrite(client, {
        action: undelegate,
        parameters: { providerId, nonce, shares },
        effect: [
          `thaw ${amount === 'all' ? amountOf(held.amount).text : amount} of pool ${nonce} of provider ${providerId}`,
          'it earns and votes no more, and slashes may take it until it is withdrawn',
          ...(held.rewards > 0n
            ? [`rewards paid with it: ${amountOf(held.rewards).text}`]
            : []),
        ],
        options,
      })
      if (sent === undefined) return
      const left = await getDelegation(client, { providerId, nonce, member })
      printResult(
        undelegateDocument,
        {
          providerId,
          pool: nonce,
          thawId: sent.event.thawId,
          thawing: amountOf(held.amount - left.amount),
          thawedAt: Number(sent.event.thawedAt),
          amount: amountOf(left.amount),
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) =>
          `${result.thawing.text} thaw until ${formatTime(result.thawedAt)}; then run \`lynode undelegate ${providerId} --withdraw\`.`,
      )
    })
}

/** The shares that are worth an amount, rounded up. */
function sharesFor(held: Delegation, amount: bigint): bigint {
  if (amount > held.amount)
    throw new LynodeError('LY-STK-018', {
      details: `${amountOf(amount).text} asked for, ${amountOf(held.amount).text} there`,
    })
  if (amount === held.amount) return held.shares
  return (held.shares * amount + held.amount - 1n) / held.amount
}
