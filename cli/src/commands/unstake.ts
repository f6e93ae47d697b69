import { Command } from '@commander-js/extra-typings'
import {
  getProvider,
  LynodeError,
  parseAmount,
  requestThaw,
  withdrawStake,
} from '@lynode/sdk'
import { getBlock } from 'viem/actions'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { accountOption } from '../options/accountOption.js'
import { parseRecipient } from '../options/parseRecipient.js'
import { providerIdArgument } from '../options/providerIdArgument.js'
import { amountOf } from '../output/amountOf.js'
import { document } from '../output/document.js'
import { amount, hex } from '../output/fields.js'
import { formatTime } from '../output/formatTime.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const unstakeDocument = document(
  'unstake',
  1,
  z.object({
    providerId: z.int(),
    thawing: amount.optional(),
    thawedAt: z.int().optional(),
    withdrawn: amount.optional(),
    to: hex.optional(),
    transaction: hex,
  }),
)

/** `lynode unstake PROVIDER AMOUNT`: starts a thaw; with `--withdraw`, takes what is thawed. */
export function unstakeCommand() {
  return withWriteOptions(
    new Command('unstake')
      .description('thaw stake of a provider or verifier, and withdraw it')
      .argument(...providerIdArgument)
      .argument('<amount>', 'what to thaw, or to withdraw: 100LYN', parseAmount)
      .option('--withdraw', 'withdraw what is thawed')
      .option('--to <address>', 'who is paid', parseRecipient)
      .option(...accountOption('provider-owner')),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode unstake 1 500LYN
  lynode unstake 1 500LYN --withdraw --to 0x70...c8`,
    )
    .action(async (providerId, amount, options) => {
      const { client } = await connect(options.account)
      const provider = await getProvider(client, { providerId })
      if (options.withdraw) {
        const to = options.to ?? client.account.address
        const { timestamp } = await getBlock(client)
        if (provider.thawing === 0n || Number(timestamp) < provider.thawedAt)
          throw new LynodeError('LY-STK-023', {
            details: `${amountOf(provider.thawing).text} of provider ${providerId} thaw until ${formatTime(provider.thawedAt)}`,
          })
        const sent = await sendWrite(client, {
          action: withdrawStake,
          parameters: { providerId, amount, to },
          effect: [
            `withdraw ${amountOf(amount).text} of ${provider.role} ${providerId} to ${to}`,
            `still thawed: ${amountOf(provider.thawing).text} -> ${amountOf(provider.thawing - amount).text}`,
          ],
          options,
        })
        if (sent === undefined) return
        printResult(
          unstakeDocument,
          {
            providerId,
            withdrawn: amountOf(amount),
            to,
            transaction: sent.receipt.transactionHash,
          },
          options,
          (result) => `Withdrew ${result.withdrawn.text} to ${to}.`,
        )
        return
      }
      const sent = await sendWrite(client, {
        action: requestThaw,
        parameters: { providerId, amount },
        effect: [
          `thaw ${amountOf(amount).text} of ${provider.role} ${providerId}: it backs no new job, and slashes may take it until it is withdrawn`,
          `thawing: ${amountOf(provider.thawing).text} -> ${amountOf(provider.thawing + amount).text}, all of it from now on`,
        ],
        options,
      })
      if (sent === undefined) return
      printResult(
        unstakeDocument,
        {
          providerId,
          thawing: amountOf(sent.event.thawing),
          thawedAt: Number(sent.event.thawedAt),
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) =>
          `${result.thawing.text} thaw until ${formatTime(result.thawedAt)}; then run \`lynode unstake ${providerId} AMOUNT --withdraw\`.`,
      )
    })
}
