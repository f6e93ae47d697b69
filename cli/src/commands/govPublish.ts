import { Command } from '@commander-js/extra-typings'
import { getParameters, publishParameters } from '@lynode/sdk'
import { connect } from '../network/connect.js'
import { printResult } from '../output/output.js'

/** `lynode gov publish`: makes parameter changes that are due a new version. */
export function govPublishCommand() {
  return new Command('publish')
    .description('publish the parameter changes that are due; open to all')
    .option('--as <account>', 'account of the devnet that sends it')
    .option('--json', 'print one JSON document')
    .action(async (options) => {
      const { client } = await connect(options.as)
      const { event, receipt } = await publishParameters.sync(client, {})
      const pending = (await getParameters(client)).filter(
        ({ next }) => next !== undefined,
      )
      printResult(
        {
          version: event.version,
          transaction: receipt.transactionHash,
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
