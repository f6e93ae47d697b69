import { Command } from '@commander-js/extra-typings'
import {
  castVote,
  formatAmount,
  type Support,
  takeStance,
  voteStake,
} from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { parseCount } from '../options/parseCount.js'
import { printResult } from '../output/output.js'
import { parseProposalId, parseSupport } from './govOptions.js'

/** `lynode gov vote ID for|against|abstain`: with LYN, with stake, or as a provider's stance. */
export function govVoteCommand() {
  return new Command('vote')
    .description('vote with LYN, or with what is staked')
    .argument('<proposal>', 'id of a proposal', parseProposalId)
    .argument('<vote>', 'for, against or abstain', parseSupport)
    .option('--reason <text>', 'shown beside the vote')
    .option('--provider <id>', 'vote what is staked with this one', parseCount)
    .option(
      '--pool <nonce>',
      "pool of that provider; 0 is the owner's own stake",
      parseCount,
      0,
    )
    .option('--stance', 'as its owner: how silent delegators vote', false)
    .option('--as <account>', 'account of the devnet that votes')
    .option('--json', 'print one JSON document')
    .action(async (proposalId, support, options) => {
      const { client } = await connect(options.as)
      const { provider: providerId, pool: nonce, stance } = options
      if (providerId === undefined) {
        const { event, receipt } = await castVote.sync(client, {
          proposalId,
          support,
          reason: options.reason,
        })
        return print(options, support, event.weight, receipt.transactionHash)
      }
      if (stance) {
        const { receipt } = await takeStance.sync(client, {
          proposalId,
          providerId,
          support,
        })
        return print(options, support, undefined, receipt.transactionHash)
      }
      const { event, receipt } = await voteStake.sync(client, {
        proposalId,
        providerId,
        nonce,
        support,
      })
      return print(options, support, event.weight, receipt.transactionHash)
    })
}

function print(
  options: { json?: true | undefined },
  support: Support,
  weight: bigint | undefined,
  transaction: string,
): void {
  printResult({ support, weight, transaction }, options, (result) =>
    result.weight === undefined
      ? `Silent delegators vote ${result.support}, once the pool is flushed`
      : `Voted ${result.support} with ${formatAmount(result.weight)}`,
  )
}
