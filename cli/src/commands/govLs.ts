import { Command } from '@commander-js/extra-typings'
import { formatAmount, getProposals } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { proposal } from '../output/fields.js'
import { firstLine } from '../output/firstLine.js'
import { printResult } from '../output/output.js'

const govLsDocument = document(
  'gov ls',
  1,
  z.object({ proposals: z.array(proposal) }),
)

/** `lynode gov ls`: all proposals. */
export function govLsCommand() {
  return new Command('ls')
    .description('list all proposals')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode gov ls --json')
    .action(async (options) => {
      const { client } = await connect()
      const proposals = await getProposals(client)
      printResult(govLsDocument, { proposals }, options, (result) =>
        result.proposals.length === 0
          ? 'No proposals yet: lynode gov propose --help'
          : result.proposals
              .map(
                ({ proposalId, state, votes, description }) =>
                  `${state.padEnd(9)} ${proposalId}\n          ${firstLine(description)} (for ${formatAmount(votes.for)}, against ${formatAmount(votes.against)})`,
              )
              .join('\n'),
      )
    })
}
