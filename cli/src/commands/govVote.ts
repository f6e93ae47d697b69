import { Command } from '@commander-js/extra-typings'
import {
  castVote,
  formatAmount,
  getProposal,
  supports,
  takeStance,
  voteStake,
} from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { parseCount } from '../options/parseCount.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { firstLine } from '../output/firstLine.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'
import { parseProposalId, parseSupport } from './govOptions.js'

const govVoteDocument = document(
  'gov vote',
  1,
  z.object({
    support: z.enum(supports),
    weight: integer.optional(),
    transaction: hex,
  }),
)

/** `lynode gov vote ID for|against|abstain`: with LYN, with stake, or as a provider's stance. */
export function govVoteCommand() {
  return withWriteOptions(
    new Command('vote')
      .description('vote with LYN, or with what is staked')
      .argument('<proposal>', 'id of a proposal', parseProposalId)
      .argument('<vote>', 'for, against or abstain', parseSupport)
      .option('--reason <text>', 'shown beside the vote')
      .option(
        '--provider <id>',
        'vote what is staked with this one',
        parseCount,
      )
      .option(
        '--pool <nonce>',
        "pool of that provider; 0 is the owner's own stake",
        parseCount,
        0,
      )
      .option('--stance', 'as its owner: how silent delegators vote', false)
      .option('--as <account>', 'account of the devnet that votes'),
  )
    .addHelpText(
      'after',
      `
Examples:
  lynode gov vote 4821...77 for --reason 'More honest windows'
  lynode gov vote 4821...77 against --provider 1 --pool 1
  lynode gov vote 4821...77 abstain --provider 1 --stance`,
    )
    .action(async (proposalId, support, options) => {
      const { client } = await connect(options.as)
      const { provider: providerId, pool: nonce, stance } = options
      const { description } = await getProposal(client, { proposalId })
      const on = `on ${firstLine(description)}`
      const sent =
        providerId === undefined
          ? await sendWrite(client, {
              action: castVote,
              parameters: { proposalId, support, reason: options.reason },
              effect: [`vote ${support} ${on}, with the LYN delegated to you`],
              options,
            })
          : stance
            ? await sendWrite(client, {
                action: takeStance,
                parameters: { proposalId, providerId, support },
                effect: [
                  `let silent delegators of provider ${providerId} vote ${support} ${on}`,
                ],
                options,
              })
            : await sendWrite(client, {
                action: voteStake,
                parameters: { proposalId, providerId, nonce, support },
                effect: [
                  `vote ${support} ${on}, with stake in pool ${nonce} of provider ${providerId}`,
                ],
                options,
              })
      if (sent === undefined) return
      printResult(
        govVoteDocument,
        {
          support,
          weight: 'weight' in sent.event ? sent.event.weight : undefined,
          transaction: sent.receipt.transactionHash,
        },
        options,
        (result) =>
          result.weight === undefined
            ? `Silent delegators vote ${result.support}, once the pool is flushed`
            : `Voted ${result.support} with ${formatAmount(result.weight)}`,
      )
    })
}
