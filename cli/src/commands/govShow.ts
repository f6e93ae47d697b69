import { Command } from '@commander-js/extra-typings'
import { describeActions, formatAmount, getProposal } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { actionLines } from '../output/actionLines.js'
import { document } from '../output/document.js'
import { describedAction, proposal } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { parseProposalId } from './govOptions.js'

const govShowDocument = document(
  'gov show',
  1,
  proposal.extend({ actions: z.array(describedAction) }),
)

/** `lynode gov show ID`: what a proposal does, decoded, and how it stands. */
export function govShowCommand() {
  return new Command('show')
    .description(
      "show a proposal: its calls decoded, with today's and the proposed value",
    )
    .argument('<proposal>', 'id of a proposal', parseProposalId)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  lynode gov show 4821...77')
    .action(async (proposalId, options) => {
      const { client } = await connect()
      const proposal = await getProposal(client, { proposalId })
      const actions = await describeActions(client, proposal.actions)
      printResult(
        govShowDocument,
        { ...proposal, actions },
        options,
        (result) =>
          [
            `Proposal ${result.proposalId}`,
            `  state     ${result.state}`,
            `  proposer  ${result.proposer}`,
            `  votes     from ${date(result.snapshot)} to ${date(result.deadline)}`,
            ...(result.eta === 0n ? [] : [`  executes  ${date(result.eta)}`]),
            `  for       ${formatAmount(result.votes.for)}`,
            `  against   ${formatAmount(result.votes.against)}`,
            `  abstain   ${formatAmount(result.votes.abstain)}`,
            `  quorum    ${result.quorum === 0n ? '-' : formatAmount(result.quorum)}`,
            '',
            result.description,
            '',
            ...actionLines(result.actions),
          ].join('\n'),
      )
    })
}

function date(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString()
}
