import { Command } from '@commander-js/extra-typings'
import {
  cancelProposal,
  executeProposal,
  getProposal,
  proposalStates,
  queueProposal,
} from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { firstLine } from '../output/firstLine.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { parseProposalId } from './govOptions.js'

const moves = {
  queue: {
    action: queueProposal,
    description: 'hand a passed proposal to the timelock',
    done: 'Queued',
  },
  execute: {
    action: executeProposal,
    description: 'execute a queued proposal whose delay is over',
    done: 'Executed',
  },
  cancel: {
    action: cancelProposal,
    description:
      'cancel a proposal, as its proposer before the vote or as the guardian',
    done: 'Canceled',
  },
}

const moved = z.object({
  proposalId: integer,
  state: z.enum(proposalStates),
  eta: integer,
  transaction: hex,
})

const documents = {
  queue: document('gov queue', 1, moved),
  execute: document('gov execute', 1, moved),
  cancel: document('gov cancel', 1, moved),
}

/** `lynode gov queue|execute|cancel ID`: moves a proposal on. */
export function govMoveCommand(name: keyof typeof moves) {
  const { action, description, done } = moves[name]
  return withWriteOptions(
    new Command(name)
      .description(description)
      .argument('<proposal>', 'id of a proposal', parseProposalId)
      .option('--as <account>', 'account of the devnet that sends it'),
  )
    .addHelpText('after', `\nExamples:\n  lynode gov ${name} 4821...77 --yes`)
    .action(async (proposalId, options) => {
      const { client } = await connect(options.as)
      const proposal = await getProposal(client, { proposalId })
      const sent = await sendWrite(client, {
        action,
        parameters: proposal,
        effect: [
          `${name} proposal ${proposalId}: ${firstLine(proposal.description)}`,
        ],
        options,
      })
      if (sent === undefined) return
      const { state, eta } = await getProposal(client, { proposalId })
      printResult(
        documents[name],
        { proposalId, state, eta, transaction: sent.receipt.transactionHash },
        options,
        (result) =>
          result.eta === 0n || result.state !== 'queued'
            ? done
            : `${done}; can be executed from ${new Date(Number(result.eta) * 1000).toISOString()} on`,
      )
    })
}
