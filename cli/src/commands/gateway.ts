import { once } from 'node:events'
import { Command } from '@commander-js/extra-typings'
import { formatAmount } from '@lynode/sdk'
import { z } from 'zod'
import { readGatewayConfig } from '../gateway/gatewayConfig.js'
import { startGateway } from '../gateway/startGateway.js'
import { connect } from '../network/connect.js'
import { parsePort } from '../options/parsePort.js'
import { parseWhole } from '../options/parseWhole.js'
import { document } from '../output/document.js'
import { hex, integer } from '../output/fields.js'
import { log, printResult } from '../output/output.js'

const gatewayDocument = document(
  'gateway',
  1,
  z.object({
    url: z.string(),
    account: hex,
    budgetPerHour: integer,
    models: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        modelId: hex,
        maxPrice: integer,
      }),
    ),
  }),
)

/** `lynode gateway`: the Open Inference Protocol in front of the market, until Ctrl-C. */
export function gatewayCommand() {
  return new Command('gateway')
    .description('serve models of the market by the Open Inference Protocol v2')
    .option('--config <file>', 'settings in TOML; options come before it')
    .option('--model <name=id...>', 'a model, and the name it is called by')
    .option('--max-price <amount>', 'most that one request pays (15LYN)')
    .option('--budget <amount>', 'most that any hour costs (500LYN)')
    .option('--wait <state>', 'delivered or final, unless a request says so')
    .option('--concurrency <count>', 'jobs that are bought at once', parseWhole)
    .option('--queue <count>', 'requests that wait for a place', parseWhole)
    .option('--host <address>', 'address to listen at (127.0.0.1)')
    .option('--port <port>', 'port; 0 takes any free one (8000)', parsePort)
    .option('--account <name>', 'account of the network that pays', 'requester')
    .option('--json', 'print one JSON document when it is ready')
    .addHelpText(
      'after',
      `
Examples:
  lynode gateway --model digits=0x5e... --budget 100LYN
  lynode gateway --config gateway.toml --port 8000`,
    )
    .action(async (options) => {
      const config = readGatewayConfig(options.config, {
        ...options,
        models: options.model,
      })
      const connection = await connect(options.account)
      const gateway = await startGateway(connection, config, (entry) =>
        log(JSON.stringify(entry)),
      )
      printResult(
        gatewayDocument,
        {
          url: gateway.url,
          account: connection.client.account.address,
          budgetPerHour: config['budget-per-hour'],
          models: gateway.models.map(
            ({ name, version, modelId, maxPrice }) => ({
              name,
              version,
              modelId,
              maxPrice,
            }),
          ),
        },
        options,
        (result) =>
          [
            `Open Inference Protocol at ${result.url}/v2, at most ${formatAmount(result.budgetPerHour)} an hour`,
            ...result.models.map(
              ({ name, modelId, maxPrice }) =>
                `  ${name}  ${modelId}, at most ${formatAmount(maxPrice)} a request`,
            ),
            'Ctrl-C ends it.',
          ].join('\n'),
      )
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
      await gateway.close()
    })
}
