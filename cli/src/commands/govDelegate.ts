import { Command } from '@commander-js/extra-typings'
import { delegateVotes, LynodeError } from '@lynode/sdk'
import { isAddress } from 'viem'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { hex } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const govDelegateDocument = document(
  'gov delegate',
  1,
  z.object({ to: hex, transaction: hex }),
)

/** `lynode gov delegate [ADDRESS]`: makes LYN count in votes. */
export function govDelegateCommand() {
  return withWriteOptions(
    new Command('delegate')
      .description(
        'give the votes of your LYN to an address, or to yourself; without it they do not count',
      )
      .argument('[to]', 'address; your own by default')
      .option('--as <account>', 'account of the devnet that delegates'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode gov delegate --as provider-owner
  lynode gov delegate 0x70...c8`,
    )
    .action(async (text, options) => {
      const { client } = await connect(options.as)
      const to = text ?? client.account.address
      if (!isAddress(to))
        throw new LynodeError('LY-CLI-001', { details: `${to} is no address` })
      const sent = await sendWrite(client, {
        action: delegateVotes,
        parameters: { to },
        effect: [
          `give the votes of the LYN of ${client.account.address} to ${to}`,
        ],
        options,
      })
      if (sent === undefined) return
      printResult(
        govDelegateDocument,
        { to, transaction: sent.receipt.transactionHash },
        options,
        () => `Votes go to ${to}`,
      )
    })
}
