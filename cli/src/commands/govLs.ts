import { Command } from '@commander-js/extra-typings'
import { formatAmount, getProposals } from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { printResult } from '../output/output.js'

/** `lynode gov ls`: all proposals. */
export function govLsCommand() {
  return new Command('ls')
    .description('list all proposals')
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      const { client } = await connect()
      const proposals = await getProposals(client)
      printResult(proposals, options, (result) =>
        result.length === 0
          ? 'No proposals yet: lynode gov propose --help'
          : result
              .map(
                ({ proposalId, state, votes, description }) =>
                  `${state.padEnd(9)} ${proposalId}\n          ${firstLine(description)} (for ${formatAmount(votes.for)}, against ${formatAmount(votes.against)})`,
              )
              .join('\n'),
      )
    })
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
