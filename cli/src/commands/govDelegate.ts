import { Command } from '@commander-js/extra-typings'
import { delegateVotes, LynodeError } from '@lynode/sdk'
import { isAddress } from 'viem'
import { connect } from '../network/connect.js'
import { printResult } from '../output/output.js'

/** `lynode gov delegate [ADDRESS]`: makes LYN count in votes. */
export function govDelegateCommand() {
  return new Command('delegate')
    .description(
      'give the votes of your LYN to an address, or to yourself; without it they do not count',
    )
    .argument('[to]', 'address; your own by default')
    .option('--as <account>', 'account of the devnet that delegates')
    .option('--json', 'print one JSON document')
    .action(async (text, options) => {
      const { client } = await connect(options.as)
      const to = text ?? client.account.address
      if (!isAddress(to))
        throw new LynodeError('LY-CLI-001', { details: `${to} is no address` })
      const { receipt } = await delegateVotes.sync(client, { to })
      printResult(
        { to, transaction: receipt.transactionHash },
        options,
        () => `Votes go to ${to}`,
      )
    })
}
