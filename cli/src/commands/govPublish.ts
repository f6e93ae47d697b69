import { Command } from '@commander-js/extra-typings'
import { getParameters, publishParameters } from '@lynode/sdk'
import { z } from 'zod'
import { connect } from '../network/connect.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { printResult } from '../output/output.js'
import { sendWrite, withWriteOptions } from '../output/sendWrite.js'

const govPublishDocument = document(
  'gov publish',
  1,
  z.object({
    version: z.int(),
    transaction: hex,
    pending: z.array(
      z.object({
        name: z.string(),
        value: integer,
        next: integer.optional(),
        activeAt: z.int().optional(),
      }),
    ),
  }),
)

/** `lynode gov publish`: makes parameter changes that are due a new version. */
export function govPublishCommand() {
  return withWriteOptions(
    new Command('publish')
      .description('publish the parameter changes that are due; open to all')
      .option('--as <account>', 'account of the devnet that sends it'),
  )
    .addHelpText('after', '\nExamples:\n  lynode gov publish --yes')
    .action(async (options) => {
      const { client } = await connect(options.as)
      const sent = await sendWrite(client, {
        action: publishParameters,
        parameters: {},
        effect: ['publish the parameter changes that are due as a new version'],
        options,
      })
      if (sent === undefined) return
      const pending = (await getParameters(client)).filter(
        ({ next }) => next !== undefined,
      )
      printResult(
        govPublishDocument,
        {
          version: sent.event.version,
          transaction: sent.receipt.transactionHash,
          pending,
        },
        options,
        (result) =>
          [
            `Version ${result.version} is for jobs that sign it from now on`,
            ...result.pending.map(
              ({ name, value, next, activeAt }) =>
                `${name}: ${value}, ${next} from ${new Date(Number(activeAt) * 1000).toISOString()}`,
            ),
          ].join('\n'),
      )
    })
}
