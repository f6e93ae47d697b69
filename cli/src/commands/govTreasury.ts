import { Command } from '@commander-js/extra-typings'
import { formatAmount, getTreasury } from '@lynode/sdk'
import { isAddressEqual } from 'viem'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'

const govTreasuryDocument = document(
  'gov treasury',
  1,
  z.object({
    balances: z.array(z.object({ token: hex, amount: integer })),
    grants: z.array(
      z.object({
        grant: hex,
        beneficiary: hex,
        start: integer,
        duration: integer,
        cliff: integer,
        total: integer,
        released: integer,
        releasable: integer,
      }),
    ),
  }),
)

/** `lynode gov treasury`: what the DAO can spend, and what it streams. */
export function govTreasuryCommand() {
  return new Command('treasury')
    .description("show the treasury's balances and its streaming grants")
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode gov treasury')
    .action(async (options) => {
      const { client } = await connect()
      const treasury = await getTreasury(client)
      const { lynToken } = client.addressBook.contracts
      printResult(
        govTreasuryDocument,
        treasury,
        options,
        ({ balances, grants }) =>
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
