import { Command } from '@commander-js/extra-typings'
import {
  cancelProposal,
  executeProposal,
  getProposal,
  queueProposal,
} from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { printResult } from '../output/output.js'
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

/** `lynode gov queue|execute|cancel ID`: moves a proposal on. */
export function govMoveCommand(name: keyof typeof moves) {
  const { action, description, done } = moves[name]
  return new Command(name)
    .description(description)
    .argument('<proposal>', 'id of a proposal', parseProposalId)
    .option('--as <account>', 'account of the devnet that sends it')
    .option('--json', 'print one JSON document')
    .action(async (proposalId, options) => {
      const { client } = await connect(options.as)
      const proposal = await getProposal(client, { proposalId })
      const { receipt } = await action.sync(client, proposal)
      const { state, eta } = await getProposal(client, { proposalId })
      printResult(
        { proposalId, state, eta, transaction: receipt.transactionHash },
        options,
        (result) =>
          result.eta === 0n || result.state !== 'queued'
            ? done
            : `${done}; can be executed from ${new Date(Number(result.eta) * 1000).toISOString()} on`,
      )
    })
}
