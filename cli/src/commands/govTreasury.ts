import { Command } from '@commander-js/extra-typings'
import { formatAmount, getTreasury } from '@lynode/sdk'
import { isAddressEqual } from 'viem'
import { connect } from '../network/connect.js'
import { printResult } from '../output/output.js'

/** `lynode gov treasury`: what the DAO can spend, and what it streams. */
export function govTreasuryCommand() {
  return new Command('treasury')
    .description("show the treasury's balances and its streaming grants")
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      const { client } = await connect()
      const treasury = await getTreasury(client)
      const { lynToken } = client.addressBook.contracts
      printResult(treasury, options, ({ balances, grants }) =>
        [
          'Balances',
          ...balances.map(({ token, amount }) =>
            isAddressEqual(token, lynToken)
              ? `  ${formatAmount(amount)}`
              : `  ${amount} wei of ${token}`,
          ),
          'Grants',
          ...(grants.length === 0 ? ['  none'] : []),
          ...grants.map(
            (grant) =>
              `  ${grant.grant}: ${formatAmount(grant.total)} to ${grant.beneficiary} until ${new Date(Number(grant.start + grant.duration) * 1000).toISOString().slice(0, 10)}, ${formatAmount(grant.released)} released, ${formatAmount(grant.releasable)} ready`,
          ),
        ].join('\n'),
      )
    })
}
